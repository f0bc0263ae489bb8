import { createHash } from 'node:crypto';
import { UnmetRequirement, writeRecords } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { GLOBAL_ID } from '../scope/index.ts';
import { SUBJECT_SCOPE } from '../secret/index.ts';
import { COLLECTION, type EntityRecord } from '../store/index.ts';
import { deleteStored, type DeleteOptions } from './delete-entity.ts';
import type { EngineContext } from './engine-context.ts';

const PAGE = 64;

/** What is kept of an erasure: that there was one. Does not name the subject. */
export interface ErasureReceipt {
  /** SHA-256 of the subject, hex. */
  readonly subjectHash: string;
  /** Epoch ms of the last erasure that found something. */
  readonly at: number;
  /** How many entities were deleted, in all erasures of the subject. */
  readonly entities: number;
}

/** Deletes everything of a subject, its data key last, and keeps a receipt; what comes meanwhile is deleted too. */
export async function eraseSubject(context: EngineContext, subject: string, options: DeleteOptions): Promise<ErasureReceipt> {
  if (subject === GLOBAL_ID) {
    throw new HoldfastError('INVALID_ARGUMENT', 'The global entity is nobody’s data and cannot be erased; delete it if it must go.', {
      argument: 'subject',
    });
  }
  let entities = 0;
  for (let found = -1; found !== 0; entities += found) found = await eraseOnce(context, subject, options);
  return await keepReceipt(context, subject, entities);
}

/** One pass over what is there; gives how many entities it deleted. */
async function eraseOnce(context: EngineContext, subject: string, options: DeleteOptions): Promise<number> {
  await context.follower.catchUp();
  let erased = 0;
  for (let after: EntityRecord | undefined; ;) {
    const page: readonly EntityRecord[] = await context.store.entities({ subject }, after, PAGE);
    const own = page.filter(({ scope }) => scope !== SUBJECT_SCOPE);
    await Promise.all(own.map((entity) => deleteStored(context, entity, options)));
    erased += own.length;
    after = page.at(-1);
    if (page.length < PAGE) break;
  }
  const key = await context.store.entity(SUBJECT_SCOPE, subject);
  if (key) await deleteStored(context, key, { unsettled: 'abandon' });
  return erased;
}

/** Adds to the receipt of an earlier erasure, if there was one. */
async function keepReceipt(context: EngineContext, subject: string, erased: number): Promise<ErasureReceipt> {
  const subjectHash = createHash('sha256').update(subject).digest('hex');
  const global = context.registry.at('global', GLOBAL_ID);
  for (;;) {
    await context.registry.resolve(global);
    const item = global.eid === undefined ? undefined : await context.store.item(global.eid, COLLECTION.erased, subjectHash);
    const before = item && (JSON.parse(item.body) as ErasureReceipt);
    if (before && erased === 0) return before;
    const receipt = { subjectHash, at: context.now(), entities: (before?.entities ?? 0) + erased };
    try {
      await writeRecords(context.queue, global, (eid) => ({
        requires: [{ eid, collection: COLLECTION.erased, key: subjectHash, rev: item?.rev ?? 'absent' }],
        puts: [{ eid, collection: COLLECTION.erased, key: subjectHash, body: JSON.stringify(receipt) }],
      }));
      return receipt;
    } catch (error) {
      if (!(error instanceof UnmetRequirement)) throw error;
    }
  }
}
