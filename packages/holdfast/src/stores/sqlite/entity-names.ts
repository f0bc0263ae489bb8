import type { EntityRecord } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { findEntityByEid } from './find-rows.ts';

const MAX_NAMES = 1_000;

type EntityName = Pick<EntityRecord, 'scope' | 'id'>;

/** Which entity an eid stands for: it never changes, and a follower would look it up with every commit. */
export class EntityNames {
  readonly #names = new Map<number, EntityName>();

  /** Undefined when there is no such entity; of one that was deleted since it was looked up, the name is still known. */
  find(db: Connection, eid: number): EntityName | undefined {
    const known = this.#names.get(eid);
    if (known) return known;
    const entity = findEntityByEid(db, eid);
    if (!entity) return undefined;
    if (this.#names.size >= MAX_NAMES) this.#names.clear();
    const name = { scope: entity.scope, id: entity.id };
    this.#names.set(eid, name);
    return name;
  }
}
