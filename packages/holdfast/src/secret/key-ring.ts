import { randomBytes } from 'node:crypto';
import { HoldfastError } from '../errors/index.ts';
import { COLLECTION, emptyCommit, type Commit, type EntityRecord, type Requirement, type Store } from '../store/index.ts';
import type { KeyProvider, MasterKey } from './master-key.ts';
import { dataKey, decrypt, encrypt, type DataKey } from './sealing.ts';

/** The scope of the engine's own entities that keep a subject's data key; their ids are the subjects. */
export const SUBJECT_SCOPE = '$subject';
const ITEM = { collection: COLLECTION.secretKey, key: 'data' } as const;
/** Is there when the data key is about to be destroyed, because nothing of the subject is stored any more. */
export const RETIRED_MARK: { readonly collection: string; readonly key: string } = { collection: COLLECTION.secretKey, key: 'retired' };
const DATA_KEY_BYTES = 32;
const PAGE = 64;

/** The entity of a subject as this process knows it; `gone` once it was erased, by whomever. */
export interface Keeper {
  readonly eid: number | undefined;
  readonly gone: boolean;
}

/** The body of the item: the data key under a master key. */
interface WrappedKey {
  readonly kid: string;
  /** Id of the master key. */
  readonly master: string;
  readonly iv: string;
  readonly data: string;
}

/** A subject's data key in memory: there for as long as a state that needs it is. */
export interface HeldKey {
  readonly keeper: Keeper;
  /** Undefined: no master key at hand opens it. */
  readonly key: DataKey | undefined;
  /** The rev of the mark that retires it, if there was one when it was loaded. */
  readonly retired: number | undefined;
  /** Holds for as long as the key was neither retired nor destroyed: what is sealed with it is committed under this. */
  readonly stillThere: readonly [Requirement, Requirement];
}

export interface KeyRingOptions {
  readonly store: Store;
  readonly provider: KeyProvider | undefined;
  /** Looks the subject's entity up. */
  readonly keeperOf: (subject: string) => Promise<Keeper>;
  /** Takes notice of what other processes did. */
  readonly catchUp: () => Promise<void>;
}

/** What became of the data keys when they were wrapped anew. */
export interface KeyRotation {
  readonly rotated: number;
  /** Subjects whose data key no master key at hand opens; it stays as it is. */
  readonly unreadable: readonly string[];
}

/** The data keys that are in use here, one per subject. */
export class KeyRing {
  readonly #options: KeyRingOptions;
  readonly #held = new Map<string, WeakRef<HeldKey>>();
  readonly #collected = new FinalizationRegistry<string>((subject) => {
    if (this.#held.get(subject)?.deref() === undefined) this.#held.delete(subject);
  });

  constructor(options: KeyRingOptions) {
    this.#options = options;
  }

  /** Whether the manager was opened with keys. */
  get hasProvider(): boolean {
    return this.#options.provider !== undefined;
  }

  /** @throws {HoldfastError} INVALID_ARGUMENT when the manager was opened without keys. */
  assertProvider(): KeyProvider {
    const { provider } = this.#options;
    if (provider) return provider;
    const advice = 'pass StateManager.open({ keys }) one of keyFile(path), keyFromEnvironment(name) or a provider of your own';
    throw new HoldfastError('INVALID_ARGUMENT', `A state with secrets needs a master key: ${advice}.`, { argument: 'keys' });
  }

  /** The subject's data key, as far as it was loaded and not destroyed since. */
  held(subject: string): HeldKey | undefined {
    const held = this.#held.get(subject)?.deref();
    if (held && !held.keeper.gone) return held;
    this.#held.delete(subject);
    return undefined;
  }

  /** Loads the subject's data key if there is one. Whoever uses it must keep what is given, or it is forgotten. */
  async load(subject: string): Promise<HeldKey | undefined> {
    const known = this.held(subject);
    if (known?.key) return known;
    const keeper = await this.#options.keeperOf(subject);
    const { eid } = keeper;
    const item = eid === undefined ? undefined : await this.#options.store.item(eid, ITEM.collection, ITEM.key);
    if (eid === undefined || !item) return undefined;
    const mark = await this.#options.store.item(eid, RETIRED_MARK.collection, RETIRED_MARK.key);
    const wrapped = JSON.parse(item.body) as WrappedKey;
    const bytes = await this.#unwrap(subject, wrapped);
    const held: HeldKey = {
      keeper,
      key: bytes && dataKey(wrapped.kid, bytes),
      retired: mark?.rev,
      stillThere: [
        { ...ITEM, eid, rev: item.rev },
        { ...RETIRED_MARK, eid, rev: 'absent' },
      ],
    };
    this.#held.set(subject, new WeakRef(held));
    this.#collected.register(held, subject);
    return held;
  }

  /**
   * Loads the subject's data key, making one where there is none, and takes the mark off one that was about to be destroyed; of two processes that do so, one is first and both use its key. Writes to the store
   * directly: called by the queue between its batches.
   */
  async ready(subject: string): Promise<HeldKey> {
    for (;;) {
      const held = await this.load(subject);
      if (held && held.retired === undefined) return held;
      const result = await this.#options.store.commit([held ? unretired(held) : await this.#creation(subject)]);
      this.#held.delete(subject);
      if (!result.ok) await this.#options.catchUp();
    }
  }

  /** The key that a commit was sealed with is not there any more. */
  forget(eid: number): void {
    for (const [subject, held] of this.#held) if ((held.deref()?.stillThere[0].eid ?? eid) === eid) this.#held.delete(subject);
  }

  /** Wraps every data key with the current master key that is not yet. `write` commits one of them. */
  async rotate(write: (subject: string, parts: Partial<Commit>) => Promise<void>): Promise<KeyRotation> {
    const { store } = this.#options;
    const master = await this.assertProvider().current();
    const unreadable: string[] = [];
    let rotated = 0;
    const rewrap = async ({ eid, id: subject }: EntityRecord): Promise<void> => {
      const item = await store.item(eid, ITEM.collection, ITEM.key);
      const wrapped = item && (JSON.parse(item.body) as WrappedKey);
      if (!wrapped || wrapped.master === master.id) return;
      const bytes = await this.#unwrap(subject, wrapped);
      if (!bytes) return void unreadable.push(subject);
      // The rev stays, so that commits under way with this data key go on.
      const put = { ...ITEM, eid, body: wrap(master, subject, wrapped.kid, bytes), keepRev: true };
      await write(subject, { requires: [{ ...ITEM, eid, rev: item.rev }], puts: [put] });
      rotated += 1;
    };
    for (let after: EntityRecord | undefined; ;) {
      const page: readonly EntityRecord[] = await store.entities({ scope: SUBJECT_SCOPE }, after, PAGE);
      await Promise.all(page.map(rewrap));
      after = page.at(-1);
      if (page.length < PAGE) return { rotated, unreadable };
    }
  }

  async #creation(subject: string): Promise<Commit> {
    const master = await this.assertProvider().current();
    const keeper = await this.#options.keeperOf(subject);
    const eid = keeper.eid ?? -1;
    const kid = randomBytes(9).toString('base64url');
    return {
      ...emptyCommit(),
      durability: 'synced',
      creates: keeper.eid === undefined ? [{ ref: eid, scope: SUBJECT_SCOPE, id: subject, subject }] : [],
      requires: [{ ...ITEM, eid, rev: 'absent' }],
      puts: [{ ...ITEM, eid, body: wrap(master, subject, kid, randomBytes(DATA_KEY_BYTES)) }],
    };
  }

  async #unwrap(subject: string, wrapped: WrappedKey): Promise<Uint8Array | undefined> {
    const master = await this.assertProvider().byId(wrapped.master);
    try {
      return master && decrypt(master.key, bindings(subject, wrapped.kid), wrapped);
    } catch {
      return undefined;
    }
  }
}

/** Takes the mark away that the key was loaded with. */
function unretired({ stillThere: [{ eid }], retired = 0 }: HeldKey): Commit {
  const mark = { ...RETIRED_MARK, eid };
  return { ...emptyCommit(), durability: 'synced', requires: [{ ...mark, rev: retired }], deletes: [mark] };
}

function wrap(master: MasterKey, subject: string, kid: string, bytes: Uint8Array): string {
  if (master.key.type !== 'secret' || master.key.symmetricKeySize !== 32) {
    throw new HoldfastError('INVALID_ARGUMENT', `The master key ${master.id} must be a secret key of 32 bytes: createSecretKey(bytes).`, {
      argument: 'keys',
    });
  }
  const wrapped: WrappedKey = { kid, master: master.id, ...encrypt(master.key, bindings(subject, kid), bytes) };
  return JSON.stringify(wrapped);
}

function bindings(subject: string, kid: string): readonly unknown[] {
  return ['holdfast data key', 1, subject, kid];
}
