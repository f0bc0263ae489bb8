import type { EntityCell } from '../commit/index.ts';
import { bodyHoldsSecret } from '../secret/index.ts';
import { COLLECTION, type Change, type Head, type ItemPut, type LoggedCommit, type Store } from '../store/index.ts';
import { pastValue, type HistoryContext } from './history-context.ts';

const PAGE = 500;

/** An entity that is to be restored, and what of it has moved since. */
export interface MovedMember {
  readonly entity: EntityCell;
  readonly eid: number;
  /** Of the checkpoint. */
  readonly versions: Readonly<Record<string, number>>;
  /** Place of the checkpoint in the log. */
  readonly seq: number;
  readonly moved: readonly Head[];
}

/** Names a state among those of several entities. */
export function stateKey(eid: number, state: string): string {
  return `${eid}/${state}`;
}

/** Remembers that the version may not be rewound alone, for as long as the entity lives. */
export function boundPut({ eid, state, version }: Change): ItemPut {
  return { eid, collection: COLLECTION.bound, key: state, body: JSON.stringify({ version }) };
}

/**
 * Of the states that moved since the checkpoint, those that may not be rewound: they hold secrets, then or now, or were written together with an effect or
 * an entity outside of the members, or with a state that may not be rewound itself. Where the history that would tell is pruned, they may not.
 */
export async function boundStates(context: HistoryContext, members: readonly MovedMember[]): Promise<ReadonlySet<string>> {
  const refused = new Set<string>();
  const together: (readonly string[])[] = [];
  const partners = new Partners(
    context.store,
    members.map(({ eid }) => eid),
  );
  for (const member of members) {
    const suspects = new Set<string>();
    for (const head of member.moved) {
      if (await holdsSecret(context, member, head)) refused.add(stateKey(member.eid, head.state));
      else if (await wasBoundSince(context.store, member, head.state)) suspects.add(head.state);
    }
    // Alone, an entity has no partner that could be rewound with it.
    if (members.length === 1) for (const state of suspects) refused.add(stateKey(member.eid, state));
    else if (suspects.size > 0) await examine({ store: context.store, member, suspects, partners, refused, together });
  }
  for (let known = -1; known !== refused.size;) {
    known = refused.size;
    for (const keys of together) if (keys.some((key) => refused.has(key))) for (const key of keys) refused.add(key);
  }
  return refused;
}

async function holdsSecret(context: HistoryContext, { entity, eid, versions }: MovedMember, { state, version }: Head): Promise<boolean> {
  for (const at of [version, versions[state]])
    if (at !== undefined && bodyHoldsSecret((await pastValue(context, entity, eid, state, at)).body)) return true;
  return false;
}

async function wasBoundSince(store: Store, { eid, versions }: MovedMember, state: string): Promise<boolean> {
  const item = await store.item(eid, COLLECTION.bound, state);
  return item !== undefined && (JSON.parse(item.body) as { version: number }).version > (versions[state] ?? 0);
}

/** Looks at each commit of the member since the checkpoint: refuses the suspects that it bound to something else, and notes which it bound to one another. */
async function examine(options: {
  readonly store: Store;
  readonly member: MovedMember;
  readonly suspects: ReadonlySet<string>;
  readonly partners: Partners;
  readonly refused: Set<string>;
  readonly together: (readonly string[])[];
}): Promise<void> {
  const { store, member, suspects, partners, refused, together } = options;
  const { eid, versions, seq, moved } = member;
  const seen = new Map(Array.from(suspects, (state) => [state, versions[state] ?? 0]));
  for await (const commit of commitsBehind(store, seq, eid)) {
    const changed = commit.changes.filter(({ state }) => suspects.has(state));
    // A version that was pruned leaves a gap, which stays one.
    for (const { state, version } of changed) if (seen.get(state) === version - 1) seen.set(state, version);
    if (changed.length === 0 || !commit.flags?.includes('bound')) continue;
    const keys = commit.flags.includes('effect') ? undefined : await partners.of(commit);
    if (keys) together.push(keys);
    else for (const { state } of changed) refused.add(stateKey(eid, state));
  }
  for (const { state, version } of moved)
    if (suspects.has(state) && (seen.get(state) as number) < version) refused.add(stateKey(eid, state));
}

async function* commitsBehind(store: Store, seq: number, eid: number): AsyncGenerator<LoggedCommit, void, undefined> {
  for (let since = seq; ;) {
    const page = await store.log(since, { eid }, PAGE);
    yield* page.commits;
    if (page.seq <= since) return;
    since = page.seq;
  }
}

/** What commits over several entities changed, as long as all of it belongs to the members. Each commit is read once. */
class Partners {
  readonly #store: Store;
  readonly #members: readonly number[];
  readonly #known = new Map<number, readonly string[] | undefined>();

  constructor(store: Store, members: readonly number[]) {
    this.#store = store;
    this.#members = members;
  }

  /** The states that the commit changed; undefined when one is not a member's, or it is not known any more whether one was. */
  async of({ seq }: LoggedCommit): Promise<readonly string[] | undefined> {
    if (!this.#known.has(seq)) this.#known.set(seq, await this.#read(seq));
    return this.#known.get(seq);
  }

  async #read(seq: number): Promise<readonly string[] | undefined> {
    const [commit] = (await this.#store.log(seq - 1, {}, 1)).commits;
    if (!commit) return undefined;
    const eids = new Set(commit.changes.map(({ eid }) => eid));
    const isKnown = commit.spans !== undefined && eids.size === commit.spans;
    if (!isKnown || [...eids].some((eid) => !this.#members.includes(eid))) return undefined;
    return commit.changes.map(({ eid, state }) => stateKey(eid, state));
  }
}
