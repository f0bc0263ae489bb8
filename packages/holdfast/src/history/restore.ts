import { writeRecords, type EntityCell, type StateCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { bodyHoldsSecret } from '../secret/index.ts';
import { COLLECTION, type Change, type Head } from '../store/index.ts';
import { existing, notFound, pastValue, retried, type HistoryContext } from './history-context.ts';

export interface RestoreOptions {
  /** `keep` leaves bound states at their head instead of refusing to restore. */
  readonly bound?: 'keep';
  readonly actor?: string;
}

/** Brings the entity's states back to a checkpoint by a new commit; resolves with its seq, or 0 when nothing differs. */
export async function restoreCheckpoint(
  context: HistoryContext,
  entity: EntityCell,
  name: string,
  options: RestoreOptions,
): Promise<number> {
  const eid = await existing(context, entity);
  const item = await context.store.item(eid, COLLECTION.checkpoint, name);
  if (!item) throw notFound(`checkpoint ${JSON.stringify(name)} of ${entity.name}`);
  const { versions } = JSON.parse(item.body) as { versions: Record<string, number> };
  return await retried(context, async () => {
    const heads = await context.store.heads(eid);
    const moved = heads.filter(({ state, version }) => version !== versions[state]);
    const refused = await boundSince(context, entity, eid, moved, versions);
    if (refused.length > 0 && options.bound !== 'keep') {
      throw new HoldfastError(
        'RESTORE_REFUSED',
        `${refused.join(', ')} of ${entity.name} changed together with an effect or another entity since checkpoint ${JSON.stringify(name)}, or hold secrets; restoring would undo only half of it, or bring back a key that was replaced. Pass { bound: 'keep' } to leave them as they are.`,
        { entity: entity.name, checkpoint: name, bound: refused },
      );
    }
    const changes: Change[] = [];
    for (const { state, version } of moved) {
      if (refused.includes(state)) continue;
      const past = await pastValue(context, entity, eid, state, versions[state]);
      changes.push({ eid, state, version: version + 1, kind: 'full', ...past });
    }
    if (changes.length === 0) return 0;
    const seq = await writeRecords(context.queue, entity, () => ({
      meta: { cause: `restore ${name}`, ...(options.actor !== undefined && { actor: options.actor }) },
      expects: heads.map(({ state, version }) => ({ eid, state, version })),
      changes,
      touch: entity.ttlMs === undefined ? [] : [{ eid, ttlMs: entity.ttlMs }],
    }));
    await publish(context, entity, changes);
    return seq;
  });
}

/** Of the states that moved since the checkpoint, those that did so together with an effect or another entity, or that hold secrets, then or now. */
async function boundSince(
  context: HistoryContext,
  entity: EntityCell,
  eid: number,
  moved: readonly Head[],
  versions: Readonly<Record<string, number>>,
): Promise<readonly string[]> {
  const bound: string[] = [];
  const holdsSecret = async (state: string, version: number | undefined): Promise<boolean> =>
    version !== undefined && bodyHoldsSecret((await pastValue(context, entity, eid, state, version)).body);
  for (const { state, version } of moved) {
    const item = await context.store.item(eid, COLLECTION.bound, state);
    const isBound = item && (JSON.parse(item.body) as { version: number }).version > (versions[state] ?? 0);
    if (isBound || (await holdsSecret(state, version)) || (await holdsSecret(state, versions[state]))) bound.push(state);
  }
  return bound;
}

/** Shows the restored values to this process; the follower would too, but the caller wants to see them now. */
async function publish({ follower }: HistoryContext, entity: EntityCell, changes: readonly Change[]): Promise<void> {
  for (const { state, version, body, defVersion } of changes) {
    const cell: StateCell | undefined = entity.states.get(state);
    if (!cell || version <= cell.version) continue;
    await cell.reader.secrets?.load();
    cell.publish(version, cell.reader.read(JSON.parse(body), defVersion, version), defVersion);
  }
  await follower.catchUp();
}
