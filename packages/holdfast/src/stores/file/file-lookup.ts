import type { OutsideState } from '../../store/index.ts';
import type { Connection } from '../sqlite/connection.ts';
import { findEntity, findEntityByEid, findHead } from '../sqlite/find-rows.ts';
import { findRenderedAt, renderedPaths, takenValue, type RenderedRow, type StateKey } from './rendered-rows.ts';
import type { StatePlaces } from './state-places.ts';
import type { RecordedValue } from './state-text.ts';
import { readRecorded } from './state-value.ts';

/** What the store knows of a path. */
export interface KnownFile {
  readonly address: OutsideState;
  /** Absent while the entity does not exist. */
  readonly key: StateKey | undefined;
  readonly row: RenderedRow | undefined;
  /** Whether the state has a version. */
  readonly hasHead: boolean;
  /** What the file is known to have said last; undefined when there was nothing, or it is not kept any more. */
  readonly base: RecordedValue | undefined;
}

/** Finds out whose file a path is. */
export class FileLookup {
  readonly #db: Connection;
  readonly #places: StatePlaces;
  /** States in places of the caller's that were asked about: their paths do not say who they are. */
  readonly #placed = new Map<string, OutsideState>();

  constructor(db: Connection, places: StatePlaces) {
    this.#db = db;
    this.#places = places;
  }

  /** Paths where files are or may be, as far as their names do not say it. */
  async paths(): Promise<{ readonly rendered: readonly string[]; readonly placed: Iterable<string> }> {
    return { rendered: await this.#db.read(() => renderedPaths(this.#db)), placed: this.#placed.keys() };
  }

  /** The path of a state, which is found under it from now on. */
  pathOf(state: OutsideState): string {
    const path = this.#places.pathOf(state);
    if (!this.#places.stateAt(path)) this.#placed.set(path, state);
    return path;
  }

  /** Undefined for a file of nobody's. @throws {HoldfastError} CORRUPT_STATE. */
  async find(path: string): Promise<KnownFile | undefined> {
    return await this.#db.read(() => {
      const row = findRenderedAt(this.#db, path);
      const owner = row && findEntityByEid(this.#db, row.eid);
      const address = owner
        ? { scope: owner.scope, id: owner.id, state: row.state }
        : (this.#placed.get(path) ?? this.#places.stateAt(path));
      if (!address) return undefined;
      const eid = row?.eid ?? findEntity(this.#db, address.scope, address.id)?.eid;
      const key = eid === undefined ? undefined : { eid, state: address.state };
      const hasHead = key !== undefined && findHead(this.#db, key.eid, key.state).version > 0;
      const base = row && (takenValue(row) ?? (row.version > 0 ? readRecorded(this.#db, row, row.version) : undefined));
      return { address, key, row, hasHead, base };
    });
  }

  /** What the records say of a path. */
  async row(path: string): Promise<RenderedRow | undefined> {
    return await this.#db.read(() => findRenderedAt(this.#db, path));
  }
}
