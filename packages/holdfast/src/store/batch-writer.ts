import { HoldfastError } from '../errors/index.ts';
import { BatchCheck } from './batch-check.ts';
import { COLLECTION } from './collections.ts';
import type { BatchResult, Commit, EntityCreation, ItemPut, Refusal, Touch } from './commit.ts';
import { expiryAt } from './expiry.ts';
import { encodeIdempotency } from './idempotency-item.ts';
import { leavesTrace } from './mentioned-eids.ts';
import type { Change, CommitMeta, Drop, EntityRecord, ItemRecord } from './records.ts';

/** What the log gets of a commit. */
export interface CommitEntry {
  readonly seq: number;
  readonly commitId: string;
  /** Epoch ms. */
  readonly at: number;
  readonly meta: CommitMeta;
  readonly changes: readonly Change[];
  readonly drops: readonly Drop[];
}

/** Checks and writes the commits of one batch, each before the next is looked at, within a transaction that is a piece of synchronous code. */
export abstract class BatchWriter extends BatchCheck {
  #lastSeq: number;

  /** `lastSeq` is that of the log before the batch. */
  constructor(now: number, lastSeq: number) {
    super(now);
    this.#lastSeq = lastSeq;
  }

  /** The newest seq, with those of the batch up to here. */
  protected get lastSeq(): number {
    return this.#lastSeq;
  }

  /** The entity, which is there. */
  protected abstract entity(eid: number): EntityRecord;
  /** Answers the new entity's eid. */
  protected abstract addEntity(entity: Omit<EntityRecord, 'eid'>): number;
  /** Replaces an entity's lifetime. */
  protected abstract touchEntity(entity: EntityRecord): void;
  protected abstract dropEntity(entity: EntityRecord): Drop;
  protected abstract addChange(change: Change, seq: number): void;
  protected abstract putItem(item: ItemRecord): void;
  protected abstract deleteItem(eid: number, collection: string, key: string): void;
  protected abstract addCommit(commit: CommitEntry): void;

  /** Writes the batch up to the first commit that is refused. The caller keeps the transaction only when the answer is `ok`. */
  commitAll(batch: readonly Commit[]): BatchResult {
    const seqs: number[] = [];
    for (const [index, commit] of batch.entries()) {
      const answer = this.commit(commit);
      if (typeof answer !== 'number') return { ok: false, now: this.now, index, refusal: answer };
      seqs.push(answer);
    }
    return { ok: true, now: this.now, seqs, created: [...this.created].map(([ref, eid]) => ({ ref, eid })) };
  }

  /** Answers the commit's seq, 0 when it leaves no trace, or why it may not be written. */
  protected commit(commit: Commit): number | Refusal {
    return this.refusal(commit) ?? this.write(commit);
  }

  /** Writes what is not refused. */
  protected write(commit: Commit): number {
    const { commitId, meta } = commit;
    const seq = leavesTrace(commit) ? this.#lastSeq + 1 : 0;
    for (const creation of commit.creates) this.#create(creation);
    const changes = commit.changes.map((change) => (change.eid < 0 ? { ...change, eid: this.eid(change.eid) } : change));
    for (const change of changes) this.#change(change, seq);
    for (const put of commit.puts) this.#put(put, seq);
    if (commit.idempotency) {
      const { eid, key, ttlMs } = commit.idempotency;
      this.#put({ eid, collection: COLLECTION.idempotency, key, body: encodeIdempotency(commit.idempotency), ttlMs }, seq);
    }
    for (const { eid, collection, key } of commit.deletes) this.deleteItem(this.eid(eid), collection, key);
    for (const touch of commit.touch) this.#touch(touch);
    const drops = commit.drops.map((eid) => this.dropEntity(this.entity(this.eid(eid))));
    if (seq === 0) return seq;
    this.addCommit({ seq, commitId, at: this.now, meta, changes, drops });
    this.#lastSeq = seq;
    return seq;
  }

  #create({ ref, scope, id, parent, subject, origin, ttlMs }: EntityCreation): void {
    if (this.isMade(ref)) return;
    const eid = this.addEntity({
      scope,
      id,
      ...(parent !== undefined && { parent: this.eid(parent) }),
      ...(subject !== undefined && { subject }),
      ...(origin && { origin }),
      ...(ttlMs !== undefined && this.#lifetime(ttlMs)),
    });
    this.created.set(ref, eid);
  }

  #change(change: Change, seq: number): void {
    const head = this.headVersion(change.eid, change.state);
    if (change.version <= head)
      throw new HoldfastError('INVALID_ARGUMENT', `Version ${change.version} of ${change.state} is not behind its head ${head}.`, {
        argument: 'changes',
      });
    this.addChange(change, seq);
  }

  #put({ eid, collection, key, body, ttlMs, keepRev }: ItemPut, seq: number): void {
    const rev = (keepRev ? this.liveItem(eid, collection, key)?.rev : undefined) ?? seq;
    const expiry = ttlMs !== undefined && { expiresAt: expiryAt(this.now, ttlMs) };
    this.putItem({ eid: this.eid(eid), collection, key, rev, body, ...expiry });
  }

  #touch({ eid, ttlMs }: Touch): void {
    const { ttlMs: _ttlMs, expiresAt: _expiresAt, ...entity } = this.entity(this.eid(eid));
    this.touchEntity(ttlMs === null ? entity : { ...entity, ...this.#lifetime(ttlMs) });
  }

  #lifetime(ttlMs: number): Pick<EntityRecord, 'ttlMs' | 'expiresAt'> {
    return { ttlMs: Math.ceil(ttlMs), expiresAt: expiryAt(this.now, ttlMs) };
  }
}
