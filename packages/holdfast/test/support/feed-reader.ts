import type { ChangesOptions, CommitEvent, StateManager } from 'holdfast';
import type { Snapshot, Store } from 'holdfast/store';
import { applyPatches } from '../../src/cow/index.ts';
import { replay } from '../../src/history/replay.ts';

interface ReadState {
  version: number;
  value: unknown;
}

/** What somebody knows of a store who only reads its feed. */
export class FeedReader {
  /** By `<scope>:<id>/<state>`. */
  readonly states: Map<string, ReadState>;
  readonly resets: string[] = [];
  seq: number;

  constructor(seq = 0, states: ReadonlyMap<string, ReadState> = new Map()) {
    this.seq = seq;
    this.states = new Map(structuredClone([...states]));
  }

  /** Throws when a change does not follow on what is known, or a commit comes twice. */
  apply({ seq, changes, drops }: CommitEvent): void {
    if (seq <= this.seq) throw new Error(`commit ${seq} came after ${this.seq}`);
    this.seq = seq;
    for (const change of changes) {
      const { version } = change;
      const name = `${change.scope}:${change.id}/${change.state}`;
      const known = this.states.get(name);
      if ('value' in change) {
        if (change.reset) this.resets.push(`${name} ${version}`);
        else if (known && version !== known.version + 1) throw new Error(`${name} goes from ${known.version} to ${version}`);
        this.states.set(name, { version, value: change.value });
      } else {
        if (version !== (known?.version ?? 0) + 1) throw new Error(`${name} goes from ${known?.version} to ${version}`);
        const value = structuredClone(known?.value);
        applyPatches(value, [...change.patches]);
        this.states.set(name, { version, value });
      }
    }
    for (const { scope, id } of drops)
      for (const name of this.states.keys()) if (name.startsWith(`${scope}:${id}/`)) this.states.delete(name);
  }

  /** Reads on up to the commit. */
  async read(state: StateManager, upTo: number, filter: Omit<ChangesOptions, 'since' | 'signal'> = {}): Promise<this> {
    if (this.seq >= upTo) return this;
    for await (const event of state.changes({ ...filter, since: this.seq })) {
      this.apply(event);
      if (event.seq >= upTo) break;
    }
    return this;
  }
}

/** A reader who knows what the store holds now. */
export async function readerOfHeads(store: Store): Promise<FeedReader> {
  const { seq } = await store.open();
  const states = new Map<string, ReadState>();
  for (const { eid, scope, id } of await store.entities({}, undefined, 1_000)) {
    for (const { state, version } of await store.heads(eid)) {
      const loaded = await store.load(eid, state);
      states.set(`${scope}:${id}/${state}`, { version, value: replay(loaded!).value });
    }
  }
  return new FeedReader(seq, states);
}

/** Deletes the changes of a state before a version, as retention does, but for what checkpoints name. */
export async function prune(
  store: Store,
  entity: { scope: string; id: string },
  state: string,
  beforeVersion: number,
  pinned: readonly number[] = [],
): Promise<void> {
  const eid = (await store.entity(entity.scope, entity.id))?.eid;
  const snapshots: Snapshot[] = [];
  for (const version of [...pinned, beforeVersion]) {
    const loaded = eid === undefined ? undefined : await store.load(eid, state, version);
    if (eid === undefined || !loaded) return;
    const { defVersion, value } = replay(loaded);
    snapshots.push({ eid, state, version, defVersion, body: JSON.stringify(value) });
  }
  await store.compact({ snapshots, prune: [{ eid: snapshots[0]!.eid, state, beforeVersion, keepSnapshots: pinned }] });
}
