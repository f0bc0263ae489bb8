import {
  assertStorable,
  BatchWriter,
  type BatchResult,
  type Change,
  type Commit,
  type CommitEntry,
  type Drop,
  type EntityRecord,
  type ItemRecord,
} from '../../store/index.ts';
import type { Tables } from './tables.ts';

/** Writes the batch, or nothing of it; one synchronous block. */
export function commitBatch(tables: Tables, batch: readonly Commit[], now: number): BatchResult {
  assertStorable(batch);
  try {
    const result = new TableWriter(tables, now).commitAll(batch);
    if (result.ok) tables.keep();
    return result;
  } finally {
    tables.rollback();
  }
}

class TableWriter extends BatchWriter {
  readonly #tables: Tables;

  constructor(tables: Tables, now: number) {
    super(now, tables.commits.length);
    this.#tables = tables;
  }

  protected override entity(eid: number): EntityRecord {
    return this.#tables.entities.get(eid) as EntityRecord;
  }

  protected override addEntity({ origin, ...entity }: Omit<EntityRecord, 'eid'>): number {
    return this.#tables.addEntity({ ...entity, ...(origin && { origin: structuredClone(origin) }) });
  }

  protected override touchEntity(entity: EntityRecord): void {
    this.#tables.putEntity(entity);
  }

  protected override dropEntity(entity: EntityRecord): Drop {
    return this.#tables.dropEntity(entity);
  }

  protected override addChange(change: Change): void {
    this.#tables.addChange(change);
  }

  protected override putItem(item: ItemRecord): void {
    this.#tables.putItem(item);
  }

  protected override deleteItem(eid: number, collection: string, key: string): void {
    this.#tables.deleteItem(eid, collection, key);
  }

  protected override addCommit({ meta, ...commit }: CommitEntry): void {
    this.#tables.addCommit({ ...commit, meta: structuredClone(meta) });
  }

  protected override findSeq(commitId: string): number | undefined {
    return this.#tables.seqs.get(commitId);
  }

  protected override hasEntity(eid: number): boolean {
    return this.#tables.entities.has(eid);
  }

  protected override findEid(scope: string, id: string): number | undefined {
    return this.#tables.names.get(`${scope}\u0000${id}`);
  }

  protected override findItem(eid: number, collection: string, key: string): ItemRecord | undefined {
    return this.#tables.item(eid, collection, key);
  }

  protected override headVersion(eid: number, state: string): number {
    return this.#tables.states.get(eid)?.get(state)?.head ?? 0;
  }
}
