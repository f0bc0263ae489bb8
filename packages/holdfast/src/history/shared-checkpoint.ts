import { UnmetRequirement, writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { assertId, type EntityAddress } from '../scope/index.ts';
import { COLLECTION } from '../store/index.ts';
import { describedAs, nameTaken, type CheckpointOptions } from './checkpoint-record.ts';
import { expecting, versionsIn } from './checkpoint.ts';
import { existing, notFound, retried, type HistoryContext } from './history-context.ts';
import { memberAt, restoreMembers, type RestoreOptions } from './restore.ts';

const MAX_MEMBERS = 64;

/** One checkpoint of several entities: where all of them were at one moment. */
export interface SharedCheckpoint {
  readonly name: string;
  /** Place in the log. */
  readonly seq: number;
  /** Epoch ms. */
  readonly at: number;
  readonly tags: readonly string[];
  readonly description?: string;
  readonly members: readonly (EntityAddress & { readonly versions: Readonly<Record<string, number>> })[];
}

/** A shared checkpoint as it was given, or found among the checkpoints of one of its entities. */
export interface SharedCheckpointRef {
  readonly name: string;
  readonly seq: number;
  readonly members?: readonly EntityAddress[];
}

/** Puts a checkpoint of that name on each of the entities, in one commit that expects the heads of all of them. */
export async function putSharedCheckpoint(
  context: HistoryContext,
  name: string,
  addresses: readonly EntityAddress[],
  options: CheckpointOptions,
): Promise<SharedCheckpoint> {
  const described = describedAs(name, options);
  const members = addresses.map(({ scope, id }): EntityAddress => ({ scope, id }));
  const cells = cellsOf(context, members);
  const eids: number[] = [];
  for (const cell of cells) eids.push(await existing(context, cell));
  return await retried(context, async () => {
    const heads = await Promise.all(eids.map((eid) => context.store.heads(eid)));
    const at = context.now();
    let versions: readonly Readonly<Record<string, number>>[] = [];
    const items = eids.map((eid) => ({ eid, collection: COLLECTION.checkpoint, key: name }));
    try {
      const seq = await writeRecords(
        context.queue,
        cells[0],
        (_eid, view) => {
          versions = cells.map((cell, index) => versionsIn(view, cell, heads[index] ?? []));
          return {
            expects: versions.flatMap((each, index) => expecting(eids[index] as number, each)),
            requires: items.map((item) => ({ ...item, rev: 'absent' })),
            puts: items.map((item, index) => ({ ...item, body: JSON.stringify({ versions: versions[index], at, ...described, members }) })),
          };
        },
        cells.slice(1),
      );
      const put = members.map((member, index) => ({ ...member, versions: versions[index] ?? {} }));
      return { name, seq, at, tags: [], ...described, members: put };
    } catch (error) {
      if (!(error instanceof UnmetRequirement)) throw error;
      throw nameTaken(cells[eids.indexOf(error.requirement.eid)]?.name ?? 'one of the entities', name);
    }
  });
}

/** Brings all entities of a shared checkpoint back to it in one commit; resolves with its seq, or 0 when nothing differs. */
export async function restoreShared(context: HistoryContext, checkpoint: SharedCheckpointRef, options: RestoreOptions): Promise<number> {
  const { name, seq, members: addresses } = checkpoint;
  if (!addresses) {
    throw new HoldfastError(
      'INVALID_ARGUMENT',
      `Checkpoint ${JSON.stringify(name)} is of one entity; restore it by that entity's handle.`,
      {
        argument: 'checkpoint',
      },
    );
  }
  const members = [];
  for (const cell of cellsOf(context, addresses)) {
    const member = await memberAt(context, cell, name);
    // Another entity under the same id may have a checkpoint of that name.
    if (member.seq !== seq) throw notFound(`checkpoint ${JSON.stringify(name)} of ${cell.name} (any more)`);
    members.push(member);
  }
  return await restoreMembers(context, name, members, options);
}

function cellsOf({ registry }: HistoryContext, addresses: readonly EntityAddress[]): readonly [EntityCell, ...EntityCell[]] {
  const cells = addresses.map(({ scope, id }) => {
    assertId(`${scope} id`, id);
    return registry.at(scope, id);
  });
  const [first, ...others] = cells;
  if (!first || cells.length > MAX_MEMBERS || new Set(cells).size < cells.length) {
    throw new HoldfastError('INVALID_ARGUMENT', `A shared checkpoint has 1 to ${MAX_MEMBERS} entities, each of them once.`, {
      argument: 'entities',
    });
  }
  return [first, ...others];
}
