import type { Patch } from '../cow/index.ts';
import { parseShown } from '../secret/index.ts';
import { bodiesOf, COLLECTION, type ItemPut, type ItemRecord, type LoadedState, type Store } from '../store/index.ts';
import type { UnusableReason } from './migration-report.ts';

const PAGE = 100;

/** A version of a state that a migration could not bring to its definition's version. Its bytes are kept beside the state, whatever is pruned. */
export interface QuarantinedState extends Omit<UnusableReason, 'lastGoodVersion'> {
  readonly state: string;
  readonly version: number;
  /** In which it was recorded. */
  readonly definitionVersion: number;
  /** When it was put aside, epoch ms. */
  readonly at: number;
  /** The whole value that was stored last before the version; secrets are their fingerprints. */
  readonly base: unknown;
  /** What leads from there to the version. */
  readonly patches: readonly Patch[];
}

/** The body of the item `$quarantine/<state>/<version>`: bodies as they were stored. */
interface QuarantineBody {
  readonly definitionVersion: number;
  readonly reason: UnusableReason;
  readonly at: number;
  readonly base: { readonly version: number; readonly body: string };
  readonly patches: readonly string[];
}

export function quarantineKey(state: string, version: number): string {
  return `${state}/${version}`;
}

export function quarantinePut(eid: number, state: string, { base, patches }: LoadedState, reason: UnusableReason, at: number): ItemPut {
  const last = patches.at(-1) ?? base;
  const body: QuarantineBody = {
    definitionVersion: last.defVersion,
    reason,
    at,
    base: { version: base.version, body: base.body },
    patches: patches.flatMap(bodiesOf),
  };
  return { eid, collection: COLLECTION.quarantine, key: quarantineKey(state, last.version), body: JSON.stringify(body) };
}

/** Keys of what is put aside of an entity. */
export async function quarantineKeys(store: Store, eid: number): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of quarantineItems(store, eid)) keys.push(key);
  return keys;
}

/** What is put aside of an entity, ordered by state. */
export async function quarantined(store: Store, eid: number): Promise<readonly QuarantinedState[]> {
  const found: QuarantinedState[] = [];
  for await (const item of quarantineItems(store, eid)) found.push(toQuarantined(item));
  return found;
}

async function* quarantineItems(store: Store, eid: number): AsyncGenerator<ItemRecord, void, undefined> {
  for (let after: ItemRecord | undefined; ;) {
    const page: readonly ItemRecord[] = await store.items({ eid, collection: COLLECTION.quarantine }, after, PAGE);
    yield* page;
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

function toQuarantined({ key, body }: ItemRecord): QuarantinedState {
  const { definitionVersion, reason, at, base, patches } = JSON.parse(body) as QuarantineBody;
  const slash = key.lastIndexOf('/');
  return {
    state: key.slice(0, slash),
    version: Number(key.slice(slash + 1)),
    definitionVersion,
    code: reason.code,
    path: reason.path,
    message: reason.message,
    at,
    base: parseShown(base.body),
    patches: patches.flatMap((each) => parseShown(each) as Patch[]),
  };
}
