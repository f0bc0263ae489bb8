import { HoldfastError } from '../../errors/index.ts';
import { decodeIdempotency, type BatchResult, type Commit, type Refusal } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { encodeBatch } from './encode-batch.ts';

/** What `commit_batch` answers. */
type Answer =
  | { readonly now: number; readonly seqBefore: number; readonly refs: Readonly<Record<string, number>> }
  | { readonly now: number; readonly refusal: FoundRefusal & { readonly commit: number } };

/** A refusal of the port, or what only the driver can turn into one or into an error. */
type FoundRefusal =
  | Exclude<Refusal, { readonly kind: 'replay' | 'mismatch' }>
  | { readonly kind: 'used'; readonly item: string }
  | { readonly kind: 'unknown'; readonly ref: number }
  | { readonly kind: 'behind'; readonly state: string; readonly version: number; readonly head: number };

/** Checks and writes the batch in one round trip and one transaction, and leaves nothing in the session. */
export async function commitBatch(db: Connection, batch: readonly Commit[]): Promise<BatchResult> {
  const { json, seqs } = encodeBatch(batch);
  const answer = (await db.write('SELECT holdfast.commit_batch($1, $2)::text AS result', [json, db.lockTimeoutMs])) as Answer;
  const { now } = answer;
  if ('refusal' in answer) {
    const { commit: index, ...found } = answer.refusal;
    return { ok: false, now, index, refusal: refusalOf(found, batch[index]?.idempotency?.inputHash) };
  }
  const { seqBefore, refs } = answer;
  const created = new Set(batch.flatMap(({ creates }) => creates.map(({ ref }) => ref)));
  return {
    ok: true,
    now,
    seqs: seqs.map((seq) => (seq > 0 ? seqBefore + seq : 0)),
    created: Array.from(created, (ref) => ({ ref, eid: refs[ref] as number })),
  };
}

function refusalOf(found: FoundRefusal, inputHash: string | undefined): Refusal {
  switch (found.kind) {
    case 'used': {
      const used = decodeIdempotency(found.item);
      return used.inputHash === inputHash ? { kind: 'replay', body: used.body } : { kind: 'mismatch' };
    }
    case 'unknown':
      throw new HoldfastError('INVALID_ARGUMENT', `No commit of the batch up to here creates the entity with the ref ${found.ref}.`, {
        argument: 'eid',
      });
    case 'behind':
      throw new HoldfastError('INVALID_ARGUMENT', `Version ${found.version} of ${found.state} is not behind its head ${found.head}.`, {
        argument: 'changes',
      });
    default:
      return found;
  }
}
