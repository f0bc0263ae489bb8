import type { Scope } from '../scope/index.ts';
import type { Store } from '../store/index.ts';
import { EntityCell } from './entity-cell.ts';

/** The entities that this process has in use, by address and by eid. */
export class EntityRegistry {
  readonly #store: Store;
  readonly #byAddress = new Map<string, EntityCell>();
  readonly #byEid = new Map<number, EntityCell>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The entity's cell; a new one when it is not known or was deleted. */
  at(scope: Scope, id: string): EntityCell {
    const address = `${scope}:${id}`;
    let entity = this.#byAddress.get(address);
    if (!entity) {
      entity = new EntityCell(scope, id);
      this.#byAddress.set(address, entity);
    }
    return entity;
  }

  find(scope: string, id: string): EntityCell | undefined {
    return this.#byAddress.get(`${scope}:${id}`);
  }

  byEid(eid: number): EntityCell | undefined {
    return this.#byEid.get(eid);
  }

  /** Binds the cell to what is stored, if there is such an entity now. */
  async resolve(entity: EntityCell): Promise<void> {
    if (entity.eid !== undefined || entity.gone) return;
    const record = await this.#store.entity(entity.scope, entity.id);
    // Another call may have bound or deleted it while the store was asked.
    if (!record || entity.eid !== undefined || entity.gone) return;
    entity.bind(record);
    this.#byEid.set(record.eid, entity);
    for (const cell of entity.states.values()) cell.stale = true;
  }

  /** The entity has been created by this process. */
  created(entity: EntityCell, eid: number): void {
    entity.eid = eid;
    this.#byEid.set(eid, entity);
  }

  /** Nothing that is in memory can be followed any more. */
  markStale(): void {
    for (const entity of this.#byEid.values()) for (const cell of entity.states.values()) cell.stale = true;
  }

  dropped(entity: EntityCell): void {
    entity.gone = true;
    const address = `${entity.scope}:${entity.id}`;
    if (this.#byAddress.get(address) === entity) this.#byAddress.delete(address);
    if (entity.eid !== undefined) this.#byEid.delete(entity.eid);
  }
}
