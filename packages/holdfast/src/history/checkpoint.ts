import { writeRecords, type CommitQueue, type EntityCell, type EntityRegistry, type LogFollower, type StateCell } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import { assertId } from '../scope/index.ts';
import { COLLECTION, type Change, type Store } from '../store/index.ts';
import { replay } from './replay.ts';

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

export interface RestoreOptions {
  /** `keep` leaves bound states at their head instead of refusing to restore. */
  readonly bound?: 'keep';
  readonly actor?: string;
}

interface HistoryContext {
  readonly store: Store;
  readonly queue: CommitQueue;
  readonly registry: EntityRegistry;
  readonly follower: LogFollower;
  readonly now: () => number;
  readonly retryForMs: number;
}

const PAGE = 500;

/** Puts a checkpoint under a name that is free. @throws {HoldfastError} NOT_FOUND, INVALID_ID, INVALID_ARGUMENT when the name is taken. */
export async function putCheckpoint(context: HistoryContext, entity: EntityCell, name: string): Promise<Checkpoint> {
  assertId('checkpoint name', name);
  const eid = await existing(context, entity);
  return await retried(context, async () => {
    if (await context.store.item(eid, COLLECTION.checkpoint, name)) {
      throw new HoldfastError('INVALID_ARGUMENT', `${entity.name} has a checkpoint called ${JSON.stringify(name)} already; checkpoints are never overwritten.`, { argument: 'name' });
    }
    const heads = await context.store.heads(eid);
    const versions = Object.fromEntries(heads.map(({ state, version }) => [state, version]));
    const at = context.now();
    const seq = await writeRecords(context.queue, entity, () => ({
      expects: heads.map(({ state, version }) => ({ eid, state, version })),
      requires: [{ eid, collection: COLLECTION.checkpoint, key: name, rev: 'absent' }],
      puts: [{ eid, collection: COLLECTION.checkpoint, key: name, body: JSON.stringify({ versions, at }) }],
    }));
    return { name, versions, seq, at };
  });
}

/** The entity's checkpoints, ordered by name. */
export async function listCheckpoints(context: HistoryContext, entity: EntityCell): Promise<readonly Checkpoint[]> {
  const eid = await existing(context, entity);
  const found: Checkpoint[] = [];
  for (;;) {
    const last = found.at(-1);
    const page = await context.store.items({ eid, collection: COLLECTION.checkpoint }, last && { eid, key: last.name }, PAGE);
    found.push(...page.map(({ key, body, rev }) => ({ name: key, seq: rev, ...(JSON.parse(body) as { versions: Record<string, number>; at: number }) })));
    if (page.length < PAGE) return found;
  }
}

/** Brings the entity's states back to a checkpoint by a new commit; resolves with its seq, or 0 when nothing differs. */
export async function restoreCheckpoint(context: HistoryContext, entity: EntityCell, name: string, options: RestoreOptions): Promise<number> {
  const eid = await existing(context, entity);
  const item = await context.store.item(eid, COLLECTION.checkpoint, name);
  if (!item) throw notFound(`checkpoint ${JSON.stringify(name)} of ${entity.name}`);
  const { versions } = JSON.parse(item.body) as { versions: Record<string, number> };
  return await retried(context, async () => {
    const heads = await context.store.heads(eid);
    const moved = heads.filter(({ state, version }) => version !== versions[state]);
    const bound = await boundSince(context, eid, item.rev, versions);
    const refused = moved.filter(({ state }) => bound.has(state)).map(({ state }) => state);
    if (refused.length > 0 && options.bound !== 'keep') {
      throw new HoldfastError(
        'RESTORE_REFUSED',
        `${refused.join(', ')} of ${entity.name} changed together with an effect or another entity since checkpoint ${JSON.stringify(name)}; restoring would undo only half of it. Pass { bound: 'keep' } to leave them as they are.`,
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

async function existing({ registry }: HistoryContext, entity: EntityCell): Promise<number> {
  await registry.resolve(entity);
  entity.assertThere();
  if (entity.eid === undefined) throw notFound(entity.name);
  return entity.eid;
}

/** The state as it was: of the version in the checkpoint, or its definition's initial value when it had none. */
async function pastValue({ store }: HistoryContext, entity: EntityCell, eid: number, state: string, version: number | undefined): Promise<{ defVersion: number; body: string }> {
  if (version === undefined) {
    const cell = entity.states.get(state);
    if (!cell) {
      throw new HoldfastError('INVALID_ARGUMENT', `${state} of ${entity.name} did not exist at the checkpoint and its definition is not in use here; get the state first.`, { argument: 'checkpoint' });
    }
    return { defVersion: cell.reader.version, body: JSON.stringify(cell.reader.initial) };
  }
  const loaded = await store.load(eid, state, version);
  if (!loaded) throw notFound(`version ${version} of ${state} of ${entity.name}`);
  const { value, defVersion } = replay(loaded);
  return { defVersion, body: JSON.stringify(value) };
}

/** States with a commit since then that spans effects or other entities. */
async function boundSince({ store }: HistoryContext, eid: number, since: number, versions: Readonly<Record<string, number>>): Promise<ReadonlySet<string>> {
  const bound = new Set<string>();
  for (let seq = since; ; ) {
    const page = await store.log(seq, { eid }, PAGE);
    for (const { flags, changes } of page.commits) {
      if (!flags?.includes('bound')) continue;
      for (const { state, version } of changes) if (version > (versions[state] ?? 0)) bound.add(state);
    }
    if (page.seq <= seq) return bound;
    seq = page.seq;
  }
}

/** Shows the restored values to this process; the follower would too, but the caller wants to see them now. */
async function publish({ follower }: HistoryContext, entity: EntityCell, changes: readonly Change[]): Promise<void> {
  for (const { state, version, body, defVersion } of changes) {
    const cell: StateCell | undefined = entity.states.get(state);
    if (cell && version > cell.version) cell.publish(version, cell.reader.read(JSON.parse(body), defVersion, version), defVersion);
  }
  await follower.catchUp();
}

/** Runs again when a state moved in between. */
async function retried<T>({ now, retryForMs }: HistoryContext, attempt: () => Promise<T>): Promise<T> {
  const deadline = now() + retryForMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!isHoldfastError(error, 'CONCURRENT_MODIFICATION') || now() >= deadline) throw error;
    }
  }
}

function notFound(what: string): HoldfastError {
  return new HoldfastError('NOT_FOUND', `There is no ${what}.`, { what });
}
