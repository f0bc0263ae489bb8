import { emptyCommit, type BatchResult, type Commit } from 'holdfast/store';
import type pg from 'pg';
import { encodeBatch } from './encode-batch.ts';

/** One call of `holdfast_commit`: one round trip, one transaction, nothing left in the session. */
export async function commitBatch(client: pg.Client | pg.Pool, schema: string, batch: readonly Commit[]): Promise<BatchResult> {
  const reply = await client.query<{ result: BatchResult | KeyUsed }>(`SELECT ${schema}.holdfast_commit($1) AS result`, [
    encodeBatch(batch),
  ]);
  const [row] = reply.rows;
  if (!row) throw new Error('holdfast_commit answered nothing');
  const { result } = row;
  if (result.ok || result.refusal.kind !== 'used') return result as BatchResult;
  const { inputHash, body } = JSON.parse(result.refusal.item) as { inputHash: string; body: string };
  const isRepeat = batch[result.index]?.idempotency?.inputHash === inputHash;
  return { ...result, refusal: isRepeat ? { kind: 'replay', body } : { kind: 'mismatch' } };
}

/** The key is there; whether with the same input, only the reader of its item can say. */
interface KeyUsed {
  readonly ok: false;
  readonly now: number;
  readonly index: number;
  readonly refusal: { readonly kind: 'used'; readonly item: string };
}

/** A commit with nothing in it but what is given. */
export function makeCommit(parts: Partial<Commit>): Commit {
  return { ...emptyCommit(), durability: 'synced', ...parts };
}

/** Takes the state `count` of an entity from a version to the next. */
export function increment(eid: number, version: number, parts: Partial<Commit> = {}): Commit {
  return makeCommit({
    meta: { actor: 'spike', cause: 'increment' },
    expects: [{ eid, state: 'count', version }],
    changes: [
      {
        eid,
        state: 'count',
        version: version + 1,
        defVersion: 1,
        kind: 'patch',
        body: JSON.stringify([['replace', ['value'], version + 1]]),
      },
    ],
    ...parts,
  });
}
