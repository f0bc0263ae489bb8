import { isHoldfastError, type Draft, type StateHandle, type StateManager } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Clock } from '../clock.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { definitionOf, type Content } from './document-kinds.ts';
import { ENTITY_PREFIX, documentKey, entityOf, fileOf, keyOfEntity, kindOf } from './document-key.ts';
import { asRefusal } from './document-refusal.ts';
import { findFiles } from './find-files.ts';
import { shownInvestigation, stampInvestigation } from './investigation.ts';

/** A document may have so many bytes as JSON. Files by hand may have more; they are read. */
const MAX_BYTES = 1_000_000;
/** As many are looked at side by side. */
const AT_ONCE = 16;
const PAGE = 1_000;

export interface Document {
  readonly key: string;
  /** Below the home. */
  readonly file: string;
  readonly version: number;
  readonly content: Content;
  /** Why what the file holds now was not taken; the content is the last good version then. */
  readonly problem?: string;
}

/** The YAML documents of memory: each a state of its own, with a file that people may edit. */
export class Documents {
  readonly home: string;
  readonly clock: Clock;
  readonly #state: StateManager;
  readonly #store: FileStore;
  /** While somebody watches: handles of documents whose files nobody has touched since. */
  #cache: Map<string, StateHandle<Content>> | undefined;
  #invalidations = 0;

  constructor(options: { home: string; state: StateManager; store: FileStore; clock: Clock }) {
    this.home = options.home;
    this.clock = options.clock;
    this.#state = options.state;
    this.#store = options.store;
  }

  /** Keys of all documents in their order, those too that somebody put into the folder and nobody has read yet. */
  async keys(): Promise<readonly string[]> {
    const keys = new Set(await findFiles(this.home));
    for (let after: string | undefined, page; ; after = page.at(-1)?.id) {
      page = await this.#state.list({ scope: 'team', prefix: ENTITY_PREFIX, limit: PAGE, ...(after !== undefined && { after }) });
      for (const { id } of page) {
        const key = keyOfEntity(id);
        if (key !== undefined) keys.add(key);
      }
      if (page.length < PAGE) break;
    }
    return [...keys].toSorted();
  }

  /** Every document that can be read, and why the others cannot. */
  async all(): Promise<{ readonly documents: readonly Document[]; readonly unreadable: readonly { key: string; message: string }[] }> {
    const documents: Document[] = [];
    const unreadable: { key: string; message: string }[] = [];
    const left = [...(await this.keys())];
    const work = async (): Promise<void> => {
      for (let key = left.shift(); key !== undefined; key = left.shift()) {
        try {
          const document = await this.find(key);
          if (document) documents.push(document);
        } catch (error) {
          if (isHoldfastError(error, 'CLOSED') || isHoldfastError(error, 'STORE_UNAVAILABLE')) throw error;
          unreadable.push({ key, message: error instanceof Error ? error.message : String(error) });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { documents: documents.toSorted((a, b) => (a.key < b.key ? -1 : 1)), unreadable };
  }

  /** Undefined where there is none. @throws {WorkbenchError} INVALID_INPUT; REFUSED when there is a file that nothing can be read from. */
  async find(text: string): Promise<Document | undefined> {
    const key = documentKey(text);
    const handle = await this.#open(key);
    const problem = this.#problemOf(key);
    if (handle.version === 0) {
      if (problem === undefined) return undefined;
      throw new WorkbenchError('REFUSED', `${problem} No version of it was ever good.`);
    }
    const content = kindOf(key) === 'shared_context' ? shownInvestigation(handle.current, this.clock.now()) : handle.current;
    return { key, file: fileOf(key), version: handle.version, content, ...(problem !== undefined && { problem }) };
  }

  /** What is stored of a document, also what is over and not shown any more; undefined where there is none. */
  async findStored(key: string): Promise<Content | undefined> {
    const handle = await this.#open(key);
    return handle.version === 0 ? undefined : handle.current;
  }

  /** @throws {WorkbenchError} NOT_FOUND, and as of {@link find}. */
  async read(text: string): Promise<Document> {
    const document = await this.find(text);
    if (document) return document;
    const key = documentKey(text);
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const beside = (await this.keys()).filter((other) => other.startsWith(folder)).slice(0, 20);
    const hint = beside.length > 0 ? `There are ${beside.join(', ')}.` : 'Its folder is empty; memory_write makes it.';
    throw new WorkbenchError('NOT_FOUND', `There is no ${fileOf(key)}. ${hint}`);
  }

  /**
   * Changes a document, or makes it, in one commit: the recipe gets a draft of it. Gives what the recipe returned and the version made.
   * @throws {WorkbenchError} INVALID_INPUT with every place that does not fit; REFUSED while its file holds what cannot be taken; what the recipe throws.
   */
  async change<R>(
    text: string,
    cause: string,
    recipe: (draft: Draft<Content>) => R,
  ): Promise<{ readonly value: R; readonly version: number }> {
    const key = documentKey(text);
    const [handle] = await this.#writable([key]);
    return await asRefusal(key, async () => {
      const { value, versions } = await (handle as StateHandle<Content>).update((draft) => this.#bounded(key, draft, recipe) as never, {
        cause,
      });
      return { value, version: versions[0]?.version ?? 0 };
    });
  }

  /** Changes two documents in one commit. Errors as of {@link change}. */
  async changeBoth(
    keys: readonly [string, string],
    cause: string,
    recipe: (first: Draft<Content>, second: Draft<Content>) => void,
  ): Promise<void> {
    const [a, b] = (await this.#writable(keys)) as [StateHandle<Content>, StateHandle<Content>];
    await asRefusal(keys.join(' and '), () =>
      this.#state.transaction(
        [a, b],
        ([first, second]) => this.#bounded(keys[0], first, () => this.#bounded(keys[1], second, () => recipe(first, second))),
        { cause },
      ),
    );
  }

  /** Makes the document be this. Errors as of {@link change}. */
  async write(text: string, cause: string, content: Content): Promise<number> {
    const key = documentKey(text);
    const [handle] = (await this.#writable([key])) as [StateHandle<Content>];
    const stamped = structuredClone(content);
    if (kindOf(key) === 'shared_context') stampInvestigation(stamped, undefined, this.clock.now());
    assertSize(key, stamped);
    return await asRefusal(key, async () => (await handle.set(stamped, { cause })).versions[0]?.version ?? 0);
  }

  /** Deletes a document with its file and its history. @throws {WorkbenchError} REFUSED while its file holds what cannot be taken. */
  async delete(key: string): Promise<void> {
    const [handle] = await this.#writable([key]);
    if (handle?.version === 0) return;
    await this.#entity(key).delete();
    this.#cache?.delete(key);
    await this.#store.flush?.();
  }

  /** Gives up what is in a file that cannot be taken: the last good version is rendered over it. @throws {WorkbenchError} REFUSED when there was never one. */
  async accept(text: string): Promise<Document> {
    const document = await this.read(text);
    await this.#store.acceptHead(this.#entity(document.key), kindOf(document.key));
    return await this.read(document.key);
  }

  /** From now on a document is read again only after {@link invalidate} or a commit. */
  beginCaching(): void {
    this.#cache ??= new Map();
  }

  endCaching(): void {
    this.#cache = undefined;
  }

  /** The file of a document may be another one. */
  invalidate(key: string): void {
    this.#invalidations += 1;
    this.#cache?.delete(key);
  }

  /** How many documents are read without looking at their files. */
  get cached(): number {
    return this.#cache?.size ?? 0;
  }

  /** Calls back after each change of a document, by whomever. Gives what ends that. */
  async subscribe(key: string, listener: () => void): Promise<() => void> {
    return (await this.#open(documentKey(key))).subscribe((content) => content, listener, { equals: Object.is });
  }

  async #open(key: string): Promise<StateHandle<Content>> {
    const cache = this.#cache;
    const known = cache?.get(key);
    if (known && isThere(known)) return known;
    cache?.delete(key);
    const since = this.#invalidations;
    const handle = await this.#entity(key).get(definitionOf(kindOf(key)));
    await handle.refresh();
    // Somebody may have changed a file while it was read.
    if (since === this.#invalidations && handle.version > 0) cache?.set(key, handle);
    return handle;
  }

  async #writable(keys: readonly string[]): Promise<readonly StateHandle<Content>[]> {
    const handles: StateHandle<Content>[] = [];
    for (const key of keys) {
      this.#cache?.delete(key);
      handles.push(await this.#open(key));
      const problem = this.#problemOf(key);
      if (problem !== undefined)
        throw new WorkbenchError('REFUSED', `${problem} Until then ${key} can be read only. memory_accept gives the file up.`);
    }
    return handles;
  }

  #bounded<R>(key: string, draft: Draft<Content>, recipe: (draft: Draft<Content>) => R): R {
    const isShared = kindOf(key) === 'shared_context';
    const before = isShared ? JSON.stringify(draft) : undefined;
    const result = recipe(draft);
    if (before !== undefined) stampInvestigation(draft, JSON.parse(before) as Content, this.clock.now());
    assertSize(key, draft);
    return result;
  }

  #entity(key: string): ReturnType<StateManager['team']> {
    return this.#state.team(entityOf(key));
  }

  #problemOf(key: string): string | undefined {
    const path = fileOf(key);
    return this.#store.problems().find((problem) => problem.path === path)?.message;
  }
}

function assertSize(key: string, content: unknown): void {
  const bytes = Buffer.byteLength(JSON.stringify(content));
  if (bytes > MAX_BYTES)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${key} would have ${bytes} bytes; a document may have ${MAX_BYTES}. Split it, or run memory_cleanup.`,
    );
}

/** Whoever deleted the document has left the handle behind. */
function isThere(handle: StateHandle<Content>): boolean {
  try {
    return handle.version >= 0;
  } catch {
    return false;
  }
}
