import { writeRecords, type EntityCell, type StateCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { COLLECTION, type Change } from '../store/index.ts';
import { boundPut, boundStates, stateKey, type MovedMember } from './bound-states.ts';
import { toCheckpoint } from './checkpoint-record.ts';
import { existing, notFound, pastValue, retried, type HistoryContext } from './history-context.ts';

export interface RestoreOptions {
  /** `keep` leaves bound states at their head instead of refusing to restore. */
  readonly bound?: 'keep';
  readonly actor?: string;
}

/** An entity and where it was at the checkpoint. */
export type RestoreMember = Omit<MovedMember, 'moved'>;

/** Brings the entity's states back to a checkpoint by a new commit; resolves with its seq, or 0 when nothing differs. */
export async function restoreCheckpoint(
  context: HistoryContext,
  entity: EntityCell,
  name: string,
  options: RestoreOptions,
): Promise<number> {
  return await restoreMembers(context, name, [await memberAt(context, entity, name)], options);
}

/** Where the entity was at its checkpoint of that name. @throws {HoldfastError} NOT_FOUND. */
export async function memberAt(context: HistoryContext, entity: EntityCell, name: string): Promise<RestoreMember> {
  const eid = await existing(context, entity);
  const item = await context.store.item(eid, COLLECTION.checkpoint, name);
  if (!item) throw notFound(`checkpoint ${JSON.stringify(name)} of ${entity.name}`);
  const { versions, seq } = toCheckpoint(item);
  return { entity, eid, versions, seq };
}

/** Brings the states of all members back by one commit. */
export async function restoreMembers(
  context: HistoryContext,
  name: string,
  members: readonly RestoreMember[],
  options: RestoreOptions,
): Promise<number> {
  return await retried(context, async () => {
    const found = await Promise.all(members.map(async (member) => ({ ...member, heads: await context.store.heads(member.eid) })));
    const moving = found.map((member): MovedMember => ({
      ...member,
      moved: member.heads.filter(({ state, version }) => version !== member.versions[state]),
    }));
    const refused = await boundStates(context, moving);
    if (refused.size > 0 && options.bound !== 'keep') throw refusal(name, moving, refused);
    const changes: Change[] = [];
    for (const { entity, eid, versions, moved } of moving) {
      for (const { state, version } of moved) {
        if (refused.has(stateKey(eid, state))) continue;
        changes.push({
          eid,
          state,
          version: version + 1,
          kind: 'full',
          ...(await pastValue(context, entity, eid, state, versions[state])),
        });
      }
    }
    const [first, ...others] = members.map(({ entity }) => entity);
    if (changes.length === 0 || !first) return 0;
    const spans = new Set(changes.map(({ eid }) => eid)).size;
    const seq = await writeRecords(
      context.queue,
      first,
      () => ({
        meta: {
          cause: `restore ${name}`,
          ...(options.actor !== undefined && { actor: options.actor }),
          ...(spans > 1 && { flags: ['bound'], spans }),
        },
        expects: found.flatMap(({ eid, heads }) => heads.map(({ state, version }) => ({ eid, state, version }))),
        changes,
        puts: spans > 1 ? changes.map(boundPut) : [],
        touch: members.flatMap(({ eid, entity: { ttlMs } }) => (ttlMs === undefined ? [] : [{ eid, ttlMs }])),
      }),
      others,
    );
    await publish(context, members, changes);
    return seq;
  });
}

function refusal(name: string, members: readonly MovedMember[], refused: ReadonlySet<string>): HoldfastError {
  const bound = members.flatMap(({ entity, eid, moved }) =>
    moved
      .filter(({ state }) => refused.has(stateKey(eid, state)))
      .map(({ state }) => (members.length === 1 ? state : `${entity.name}/${state}`)),
  );
  const entity = members.map((member) => member.entity.name).join(', ');
  return new HoldfastError(
    'RESTORE_REFUSED',
    `${bound.join(', ')} of ${entity} changed together with an effect or another entity since checkpoint ${JSON.stringify(name)}, or hold secrets; restoring would undo only half of it, or bring back a key that was replaced. Pass { bound: 'keep' } to leave them as they are.`,
    { entity, checkpoint: name, bound },
  );
}

/** Shows the restored values to this process; the follower would too, but the caller wants to see them now. */
async function publish({ follower }: HistoryContext, members: readonly RestoreMember[], changes: readonly Change[]): Promise<void> {
  for (const { eid, state, version, body, defVersion } of changes) {
    const cell: StateCell | undefined = members.find((member) => member.eid === eid)?.entity.states.get(state);
    if (!cell || version <= cell.version) continue;
    await cell.reader.secrets?.load();
    cell.publish(version, cell.reader.read(JSON.parse(body), defVersion, version), defVersion);
  }
  await follower.catchUp();
}
