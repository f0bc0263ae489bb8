import { HoldfastError } from '../../errors/index.ts';
import {
  assertStorable,
  BatchCheck,
  COLLECTION,
  encodeIdempotency,
  expiryAt,
  leavesTrace,
  type BatchResult,
  type Commit,
  type EntityCreation,
  type EntityRecord,
  type ItemPut,
  type ItemRecord,
  type Touch,
} from '../../store/index.ts';
import type { Tables } from './tables.ts';

/** Writes the batch, or nothing of it; one synchronous block. */
export function commitBatch(tables: Tables, batch: readonly Commit[], now: number): BatchResult {
  assertStorable(batch);
  const writer = new BatchWriter(tables, now);
  const seqs: number[] = [];
  try {
    for (const [index, commit] of batch.entries()) {
      const refusal = writer.refusal(commit);
      if (refusal) return { ok: false, now, index, refusal };
      seqs.push(writer.write(commit));
    }
    tables.keep();
    return { ok: true, now, seqs, created: [...writer.created].map(([ref, eid]) => ({ ref, eid })) };
  } finally {
    tables.rollback();
  }
}

/** The transaction of one batch: each commit is checked, then written, before the next is looked at. */
class BatchWriter extends BatchCheck {
  readonly #tables: Tables;

  constructor(tables: Tables, now: number) {
    super(now);
    this.#tables = tables;
  }

  write(commit: Commit): number {
    const tables = this.#tables;
    const seq = leavesTrace(commit) ? tables.commits.length + 1 : 0;
    for (const creation of commit.creates) this.#create(creation);
    const changes = commit.changes.map((change) => ({ ...change, eid: this.eid(change.eid) }));
    for (const change of changes) {
      const head = this.headVersion(change.eid, change.state);
      if (change.version <= head)
        throw new HoldfastError('INVALID_ARGUMENT', `Version ${change.version} of ${change.state} is not behind its head ${head}.`, {
          argument: 'changes',
        });
      tables.addChange(change);
    }
    for (const put of commit.puts) this.#put(put, seq);
    if (commit.idempotency) {
      const { eid, key, ttlMs } = commit.idempotency;
      this.#put({ eid, collection: COLLECTION.idempotency, key, body: encodeIdempotency(commit.idempotency), ttlMs }, seq);
    }
    for (const { eid, collection, key } of commit.deletes) tables.deleteItem(this.eid(eid), collection, key);
    for (const touch of commit.touch) this.#touch(touch);
    const drops = commit.drops.map((eid) => tables.dropEntity(tables.entities.get(this.eid(eid)) as EntityRecord));
    if (seq > 0) tables.addCommit({ seq, commitId: commit.commitId, at: this.now, meta: structuredClone(commit.meta), changes, drops });
    return seq;
  }

  #create({ ref, scope, id, parent, subject, origin, ttlMs }: EntityCreation): void {
    if (this.isMade(ref)) return;
    const eid = this.#tables.addEntity({
      scope,
      id,
      ...(parent !== undefined && { parent: this.eid(parent) }),
      ...(subject !== undefined && { subject }),
      ...(origin && { origin: structuredClone(origin) }),
      ...(ttlMs !== undefined && { ttlMs: Math.ceil(ttlMs), expiresAt: expiryAt(this.now, ttlMs) }),
    });
    this.created.set(ref, eid);
  }

  #put({ eid, collection, key, body, ttlMs, keepRev }: ItemPut, seq: number): void {
    const rev = (keepRev ? this.liveItem(eid, collection, key)?.rev : undefined) ?? seq;
    this.#tables.putItem({
      eid: this.eid(eid),
      collection,
      key,
      rev,
      body,
      ...(ttlMs !== undefined && { expiresAt: expiryAt(this.now, ttlMs) }),
    });
  }

  #touch({ eid, ttlMs }: Touch): void {
    const { ttlMs: _ttlMs, expiresAt: _expiresAt, ...entity } = this.#tables.entities.get(this.eid(eid)) as EntityRecord;
    this.#tables.putEntity(ttlMs === null ? entity : { ...entity, ttlMs: Math.ceil(ttlMs), expiresAt: expiryAt(this.now, ttlMs) });
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
