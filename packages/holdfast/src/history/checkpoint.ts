import { UnmetRequirement, writeRecords, type BatchView, type EntityCell } from '../commit/index.ts';
import { COLLECTION, type Expectation, type Head, type ItemRecord, type Store } from '../store/index.ts';
import { describedAs, nameTaken, toCheckpoint, type Checkpoint, type CheckpointOptions } from './checkpoint-record.ts';
import { existing, notFound, retried, type HistoryContext } from './history-context.ts';

const PAGE = 500;

export interface CheckpointFilter {
  readonly tag?: string;
  /** Of the name. */
  readonly prefix?: string;
}

/** Puts a checkpoint under a name that is free. @throws {HoldfastError} NOT_FOUND, INVALID_ID, INVALID_ARGUMENT when the name is taken or an option does not fit. */
export async function putCheckpoint(
  context: HistoryContext,
  entity: EntityCell,
  name: string,
  options: CheckpointOptions,
): Promise<Checkpoint> {
  const described = describedAs(name, options);
  const eid = await existing(context, entity);
  return await retried(context, async () => {
    const heads = await context.store.heads(eid);
    const at = context.now();
    let body = '';
    try {
      const seq = await writeRecords(context.queue, entity, (_eid, view) => {
        const versions = versionsIn(view, entity, heads);
        body = JSON.stringify({ versions, at, ...described });
        return {
          expects: expecting(eid, versions),
          requires: [{ eid, collection: COLLECTION.checkpoint, key: name, rev: 'absent' }],
          puts: [{ eid, collection: COLLECTION.checkpoint, key: name, body }],
        };
      });
      return toCheckpoint({ key: name, rev: seq, body });
    } catch (error) {
      throw error instanceof UnmetRequirement ? nameTaken(entity.name, name) : error;
    }
  });
}

/** The entity's checkpoints, ordered by name. Costs a read of each that has the prefix. */
export async function listCheckpoints(
  context: HistoryContext,
  entity: EntityCell,
  filter: CheckpointFilter,
): Promise<readonly Checkpoint[]> {
  const { tag } = filter;
  const found = await checkpointItems(context.store, await existing(context, entity), filter.prefix);
  return found.map(toCheckpoint).filter(({ tags }) => tag === undefined || tags.includes(tag));
}

/** Forgets a checkpoint; what it alone kept of the history goes when the entity is pruned next. @throws {HoldfastError} NOT_FOUND. */
export async function removeCheckpoint(context: HistoryContext, entity: EntityCell, name: string): Promise<void> {
  const eid = await existing(context, entity);
  const item = await context.store.item(eid, COLLECTION.checkpoint, name);
  const missing = (): Error => notFound(`checkpoint ${JSON.stringify(name)} of ${entity.name}`);
  if (!item) throw missing();
  try {
    await writeRecords(context.queue, entity, () => ({
      requires: [{ eid, collection: COLLECTION.checkpoint, key: name, rev: item.rev }],
      deletes: [{ eid, collection: COLLECTION.checkpoint, key: name }],
    }));
  } catch (error) {
    throw error instanceof UnmetRequirement ? missing() : error;
  }
}

export async function checkpointItems(store: Store, eid: number, prefix?: string): Promise<readonly ItemRecord[]> {
  const found: ItemRecord[] = [];
  const filter = { eid, collection: COLLECTION.checkpoint, ...(prefix !== undefined && { prefix }) };
  for (;;) {
    const page = await store.items(filter, found.at(-1), PAGE);
    found.push(...page);
    if (page.length < PAGE) return found;
  }
}

/** The versions of all states as the commit will find them: those of the store, moved on by what this process has committed since or commits before. */
export function versionsIn(view: BatchView, entity: EntityCell, heads: readonly Head[]): Readonly<Record<string, number>> {
  const versions = new Map(heads.map(({ state, version }) => [state, version]));
  for (const [state, cell] of entity.states) {
    const { version } = view.snapshot(cell);
    if (version > (versions.get(state) ?? 0)) versions.set(state, version);
  }
  return Object.fromEntries(versions);
}

export function expecting(eid: number, versions: Readonly<Record<string, number>>): readonly Expectation[] {
  return Object.entries(versions).map(([state, version]) => ({ eid, state, version }));
}
