import { writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { bodyHoldsSecret, bodyWithoutSecrets } from '../secret/index.ts';
import { COLLECTION, type Change } from '../store/index.ts';
import type { ForkBody } from './fork-tree.ts';
import { existing, notFound, pastValue, retried, type HistoryContext } from './history-context.ts';

export interface ForkOptions {
  readonly checkpoint: string | undefined;
  readonly secrets: 'copy' | undefined;
  /** Throws when a state could not be read without its secrets. Called before anything is written. */
  readonly assertReadable: (state: {
    readonly state: string;
    readonly version: number;
    readonly defVersion: number;
    readonly body: string;
  }) => void;
}

/**
 * Makes `target` a fork of `source`, as it is now or was at a checkpoint: each state is written once, in full, under the next version number, with
 * null for its secrets unless they are to be copied.
 * @throws {HoldfastError} NOT_FOUND; INVALID_ARGUMENT when `target` exists.
 */
export async function forkEntity(context: HistoryContext, source: EntityCell, target: EntityCell, options: ForkOptions): Promise<void> {
  const { checkpoint } = options;
  const eid = await existing(context, source);
  await context.registry.resolve(target);
  if (target.eid !== undefined)
    throw new HoldfastError('INVALID_ARGUMENT', `${target.name} exists already; a fork needs an id of its own.`, { argument: 'id' });
  await retried(context, async () => {
    const heads = await context.store.heads(eid);
    const versions =
      checkpoint === undefined
        ? Object.fromEntries(heads.map(({ state, version }) => [state, version]))
        : await checkpointVersions(context, source, eid, checkpoint);
    const values = await Promise.all(
      Object.entries(versions).map(async ([state, version]) => ({
        state,
        version,
        ...(await pastValue(context, source, eid, state, version)),
      })),
    );
    const bare = values.map((value) => withoutSecrets(value, options));
    const branch = { versions, ...(checkpoint !== undefined && { checkpoint }) };
    target.origin = { eid, id: source.id, ...branch };
    target.subject = source.subject ?? source.name;
    target.parent = await context.registry.parentOf(source);
    const body: ForkBody = { ...branch, at: context.now() };
    const commit = (ref: number): ReturnType<Parameters<typeof writeRecords>[2]> => ({
      meta: { cause: `fork of ${source.name}` },
      expects: checkpoint === undefined ? heads.map(({ state, version }) => ({ eid, state, version })) : [],
      changes: bare.map(({ state, version, defVersion, body: value }): Change => ({
        eid: ref,
        state,
        version: version + 1,
        defVersion,
        kind: 'full',
        body: value,
      })),
      puts: [{ eid, collection: COLLECTION.fork, key: target.id, body: JSON.stringify(body) }],
    });
    await writeRecords(context.queue, target, commit, [source]);
  });
}

function withoutSecrets<State extends Parameters<ForkOptions['assertReadable']>[0]>(
  state: State,
  { secrets, assertReadable }: ForkOptions,
): State {
  if (secrets === 'copy' || !bodyHoldsSecret(state.body)) return state;
  const bare = { ...state, body: bodyWithoutSecrets(state.body) };
  assertReadable(bare);
  return bare;
}

async function checkpointVersions(
  { store }: HistoryContext,
  source: EntityCell,
  eid: number,
  checkpoint: string,
): Promise<Readonly<Record<string, number>>> {
  const item = await store.item(eid, COLLECTION.checkpoint, checkpoint);
  if (!item) throw notFound(`checkpoint ${JSON.stringify(checkpoint)} of ${source.name}`);
  return (JSON.parse(item.body) as { versions: Record<string, number> }).versions;
}
