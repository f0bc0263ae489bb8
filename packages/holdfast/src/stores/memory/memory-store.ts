import { HoldfastError } from '../../errors/index.ts';
import {
  assertName,
  LogSignal,
  notEmpty,
  notImporting,
  readOnlyRefusal,
  unfinishedImport,
  type BatchResult,
  type Commit,
  type CompactionPlan,
  type Drop,
  type ImportPart,
  type Store,
  type StoreCapabilities,
  type StoreInfo,
  type StoreOpenOptions,
  type StoreUsage,
} from '../../store/index.ts';
import { commitBatch } from './commit-batch.ts';
import { compact } from './compact.ts';
import { importPart } from './import-part.ts';
import { readEntities, readEntity, readHeads } from './read-entities.ts';
import { readItems } from './read-items.ts';
import { readLog } from './read-log.ts';
import { readState } from './read-state.ts';
import { readUsage } from './read-usage.ts';
import { sweep } from './sweep.ts';
import { Tables } from './tables.ts';

const FORMAT = 1;

export interface MemoryOptions {
  /** The store's clock, epoch ms. Default `Date.now`. */
  readonly clock?: () => number;
}

/**
 * A store in the memory of this process, for tests and for what may be lost with it. The data live in the returned object:
 * opened again after a close, it still has them.
 */
export function memory(options: MemoryOptions = {}): Store {
  return new MemoryStore(options);
}

class MemoryStore implements Store {
  readonly name = 'memory';
  readonly capabilities: StoreCapabilities = { sharedBetweenProcesses: false, survivesProcess: false };
  readonly #clock: () => number;
  #data = new Tables();
  readonly #signal = new LogSignal();
  #isOpen = false;
  #isReadOnly = false;
  /** How far an import has come that has not ended. */
  #standing: string | undefined;
  #isImporting = false;

  constructor({ clock = Date.now }: MemoryOptions) {
    this.#clock = clock;
  }

  async open({ readOnly = false, importing = false }: StoreOpenOptions = {}): Promise<StoreInfo> {
    if (!this.#isOpen) this.#start({ readOnly, importing });
    const standing = this.#isImporting ? this.#standing : undefined;
    return { storeId: this.#data.storeId, format: FORMAT, seq: this.#data.commits.length, ...(standing !== undefined && { standing }) };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    this.#signal.clear();
  }

  async now(): Promise<number> {
    this.#assertOpen();
    return this.#now();
  }

  async commit(batch: readonly Commit[]): Promise<BatchResult> {
    const result = commitBatch(this.#writable, batch, this.#now());
    if (result.ok && result.seqs.some((seq) => seq > 0)) this.#signal.fire();
    return result;
  }

  async entity(scope: string, id: string): ReturnType<Store['entity']> {
    assertName('entity id', id);
    return readEntity(this.#tables, scope, id);
  }

  async entityByEid(eid: number): ReturnType<Store['entityByEid']> {
    return this.#tables.entities.get(eid);
  }

  async entities(...[filter, after, limit]: Parameters<Store['entities']>): ReturnType<Store['entities']> {
    return readEntities(this.#tables, filter, after, limit);
  }

  async heads(eid: number): ReturnType<Store['heads']> {
    return readHeads(this.#tables, eid);
  }

  async load(eid: number, state: string, atVersion?: number): ReturnType<Store['load']> {
    return readState(this.#tables, eid, state, atVersion);
  }

  async log(...[since, filter, limit]: Parameters<Store['log']>): ReturnType<Store['log']> {
    return readLog(this.#tables, since, filter, limit);
  }

  async item(eid: number, collection: string, key: string): ReturnType<Store['item']> {
    assertName('key', key);
    return this.#tables.item(eid, collection, key);
  }

  async items(...[filter, after, limit]: Parameters<Store['items']>): ReturnType<Store['items']> {
    return readItems(this.#tables, filter, after, limit);
  }

  async sweep(limit: number): Promise<{ dropped: readonly Drop[]; items: number }> {
    const swept = sweep(this.#writable, limit, this.#now());
    if (swept.dropped.length > 0) this.#signal.fire();
    return swept;
  }

  async compact(plan: CompactionPlan): Promise<void> {
    compact(this.#writable, plan);
  }

  async usage(eid?: number): Promise<StoreUsage> {
    return readUsage(this.#tables, eid);
  }

  async import(part: ImportPart | 'end'): Promise<void> {
    this.#assertOpen();
    if (!this.#isImporting) throw notImporting('The memory store');
    if (part === 'end') this.#standing = undefined;
    else {
      if (part.clear) this.#data = new Tables(this.#data.storeId);
      importPart(this.#data, part);
      this.#standing = part.standing;
    }
  }

  signal(callback: () => void): () => void {
    this.#assertOpen();
    return this.#signal.subscribe(callback);
  }

  get #tables(): Tables {
    this.#assertOpen();
    return this.#data;
  }

  get #writable(): Tables {
    this.#assertOpen();
    if (this.#isReadOnly) throw readOnlyRefusal('The memory store');
    return this.#data;
  }

  #start({ readOnly, importing }: { readonly readOnly: boolean; readonly importing: boolean }): void {
    if (!importing && this.#standing !== undefined) throw unfinishedImport('The memory store');
    if (importing) {
      if (this.#standing === undefined && this.#data.commits.length > 0) throw notEmpty('The memory store');
      this.#standing ??= '';
    }
    this.#isReadOnly = readOnly;
    this.#isImporting = importing;
    this.#isOpen = true;
  }

  #now(): number {
    return Math.floor(this.#clock());
  }

  #assertOpen(): void {
    if (!this.#isOpen) throw new HoldfastError('CLOSED', 'The memory store is not open; call open() first.', { what: this.name });
  }
}
