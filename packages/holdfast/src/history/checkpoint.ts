import { UnmetRequirement, writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { assertId } from '../scope/index.ts';
import { COLLECTION } from '../store/index.ts';
import { existing, retried, type HistoryContext } from './history-context.ts';

const PAGE = 500;

/** A named reference to the versions that an entity's states had at one moment. Costs a row, whatever the states' size. */
export interface Checkpoint {
  readonly name: string;
  /** By state name. */
  readonly versions: Readonly<Record<string, number>>;
  /** Place in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Puts a checkpoint under a name that is free. @throws {HoldfastError} NOT_FOUND, INVALID_ID, INVALID_ARGUMENT when the name is taken. */
export async function putCheckpoint(context: HistoryContext, entity: EntityCell, name: string): Promise<Checkpoint> {
  assertId('checkpoint name', name);
  const eid = await existing(context, entity);
  return await retried(context, async () => {
    const heads = await context.store.heads(eid);
    const versions = Object.fromEntries(heads.map(({ state, version }) => [state, version]));
    const at = context.now();
    try {
      const seq = await writeRecords(context.queue, entity, () => ({
        expects: heads.map(({ state, version }) => ({ eid, state, version })),
        requires: [{ eid, collection: COLLECTION.checkpoint, key: name, rev: 'absent' }],
        puts: [{ eid, collection: COLLECTION.checkpoint, key: name, body: JSON.stringify({ versions, at }) }],
      }));
      return { name, versions, seq, at };
    } catch (error) {
      if (!(error instanceof UnmetRequirement)) throw error;
      throw new HoldfastError(
        'INVALID_ARGUMENT',
        `${entity.name} has a checkpoint called ${JSON.stringify(name)} already; checkpoints are never overwritten.`,
        { argument: 'name' },
      );
    }
  });
}

/** The entity's checkpoints, ordered by name. */
export async function listCheckpoints(context: HistoryContext, entity: EntityCell): Promise<readonly Checkpoint[]> {
  const eid = await existing(context, entity);
  const found: Checkpoint[] = [];
  for (;;) {
    const last = found.at(-1);
    const page = await context.store.items({ eid, collection: COLLECTION.checkpoint }, last && { eid, key: last.name }, PAGE);
    found.push(
      ...page.map(({ key, body, rev }) => ({
        name: key,
        seq: rev,
        ...(JSON.parse(body) as { versions: Record<string, number>; at: number }),
      })),
    );
    if (page.length < PAGE) return found;
  }
}
