import { randomUUID } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { HoldfastError, isHoldfastError } from '../../errors/index.ts';
import {
  notEmpty,
  type CompactionPlan,
  type Commit,
  type ImportPart,
  type OutsideEdits,
  type Store,
  type StoreCapabilities,
  type StoreInfo,
  type StoreOpenOptions,
} from '../../store/index.ts';
import { Connection } from '../sqlite/connection.ts';
import { sqlite } from '../sqlite/index.ts';
import { storeFailure } from '../sqlite/sqlite-failure.ts';
import { makeDirectory } from './durable-file.ts';
import { EditRecords } from './edit-records.ts';
import { FileEdits } from './file-edits.ts';
import { FileLookup } from './file-lookup.ts';
import { assertOptions, type FilesOptions } from './files-options.ts';
import { FilesWatch } from './files-watch.ts';
import { importFiles } from './import-files.ts';
import { RenderSchedule } from './render-schedule.ts';
import { Rendering } from './rendering.ts';
import { Renderer } from './renderer.ts';
import { claimFiles, openRendered, renderedPaths } from './rendered-rows.ts';
import { reporter, type FileReport, type Reporter } from './report.ts';
import { INSIDE, StatePlaces } from './state-places.ts';
import { TEMPORARY, walkFiles } from './walk-files.ts';

/**
 * A store whose states are files in a directory, for people to read and to edit. The truth is a SQLite store in `<directory>/.holdfast`; each state's newest version is
 * rendered to its file a moment after it was committed. For one or many processes of one machine, on a local disk. The directory is made when the store is opened.
 * @throws {HoldfastError} INVALID_ARGUMENT.
 */
export function files(directory: string, options: FilesOptions = {}): FileStore {
  assertOptions(directory, options);
  return new SqliteWithFiles(directory, options);
}

export interface FileStore extends Store {
  /**
   * Gives up what is in the file of a state, a damaged one or an edit that cannot be taken: the state is rendered over it.
   * @throws {HoldfastError} NOT_FOUND when the state has no version.
   */
  acceptHead(entity: { readonly scope: string; readonly id: string }, state: string): Promise<void>;
  /** Files that hold what cannot be taken, `damaged` or `invalid`, as far as this process has looked at them; each until it is repaired, accepted or gone. */
  problems(): readonly FileReport[];
}

/** What there is while the store is open. */
interface Opened {
  readonly db: Connection;
  readonly rendering: Rendering;
  readonly schedule: RenderSchedule;
  readonly edits: FileEdits;
  readonly watch: FilesWatch;
}

class SqliteWithFiles implements FileStore {
  readonly name: string;
  readonly capabilities: StoreCapabilities = { sharedBetweenProcesses: true, survivesProcess: true };
  readonly #directory: string;
  readonly #database: string;
  readonly #options: FilesOptions;
  readonly #states: Store;
  readonly #places: StatePlaces;
  readonly #report: Reporter;
  #opened: Opened | undefined;

  constructor(directory: string, options: FilesOptions) {
    this.name = `files ${directory}`;
    this.#directory = resolve(directory);
    this.#database = join(this.#directory, INSIDE, 'store.db');
    this.#options = options;
    const { clock, busyTimeoutMs, format = 'json', place, onReport } = options;
    this.#states = sqlite(this.#database, { ...(clock && { clock }), ...(busyTimeoutMs !== undefined && { busyTimeoutMs }) });
    this.#places = new StatePlaces(format, place);
    this.#report = reporter(onReport);
  }

  /** Opened read-only, files are neither rendered nor looked at. */
  async open(options: StoreOpenOptions = {}): Promise<StoreInfo> {
    if (options.readOnly) return await this.#states.open(options);
    try {
      makeDirectory(join(this.#directory, INSIDE));
      if (options.importing) await this.#assertNoFiles();
    } catch (error) {
      throw storeFailure(error, this.name, 'before commit');
    }
    // Files are made of a copy when it is whole and opened for the first time.
    if (options.importing) return await this.#states.open(options);
    const info = await this.#states.open();
    if (this.#opened) return info;
    try {
      await this.#start(info);
    } catch (error) {
      await this.#states.close();
      throw storeFailure(error, this.name, 'before commit');
    }
    return info;
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened) {
      opened.schedule.clear();
      await Promise.all([opened.watch.close(), opened.edits.close()]);
      // What could not be rendered was reported; the next open tries again.
      await opened.rendering.flush().catch(() => undefined);
      opened.db.close();
    }
    await this.#states.close();
  }

  /** Renders every commit made so far; the files are synced with their directories. */
  async flush(): Promise<void> {
    this.#opened?.schedule.clear();
    await this.#opened?.rendering.flush();
  }

  get outside(): OutsideEdits | undefined {
    return this.#opened?.edits;
  }

  async acceptHead({ scope, id }: { readonly scope: string; readonly id: string }, state: string): Promise<void> {
    const entity = await this.#states.entity(scope, id);
    const isThere = entity && (await this.#states.heads(entity.eid)).some((head) => head.state === state);
    if (!isThere || !this.#opened) throw new HoldfastError('NOT_FOUND', `There is no state ${state} of ${scope}:${id}.`, { what: state });
    await this.#opened.edits.acceptHead({ eid: entity.eid, state }, this.#places.pathOf({ scope, id, state }));
  }

  problems(): readonly FileReport[] {
    return this.#opened?.edits.held() ?? [];
  }

  now(): Promise<number> {
    return this.#states.now();
  }

  commit(batch: readonly Commit[]): ReturnType<Store['commit']> {
    return this.#states.commit(batch);
  }

  entity(scope: string, id: string): ReturnType<Store['entity']> {
    return this.#states.entity(scope, id);
  }

  entityByEid(eid: number): ReturnType<Store['entityByEid']> {
    return this.#states.entityByEid(eid);
  }

  entities(...query: Parameters<Store['entities']>): ReturnType<Store['entities']> {
    return this.#states.entities(...query);
  }

  heads(eid: number): ReturnType<Store['heads']> {
    return this.#states.heads(eid);
  }

  load(...query: Parameters<Store['load']>): ReturnType<Store['load']> {
    return this.#states.load(...query);
  }

  log(...query: Parameters<Store['log']>): ReturnType<Store['log']> {
    return this.#states.log(...query);
  }

  item(...query: Parameters<Store['item']>): ReturnType<Store['item']> {
    return this.#states.item(...query);
  }

  items(...query: Parameters<Store['items']>): ReturnType<Store['items']> {
    return this.#states.items(...query);
  }

  usage(eid?: number): ReturnType<Store['usage']> {
    return this.#states.usage(eid);
  }

  sweep(limit: number): ReturnType<Store['sweep']> {
    return this.#states.sweep(limit);
  }

  compact(plan: CompactionPlan): Promise<void> {
    return this.#states.compact(plan);
  }

  async import(part: ImportPart | 'end'): Promise<void> {
    await this.#states.import?.(part);
  }

  signal(callback: () => void): () => void {
    return this.#states.signal(callback);
  }

  /** The copy is a SQLite store, without the files. */
  async backup(path: string): Promise<void> {
    await this.#states.backup?.(path);
  }

  /** The files of what was deleted go first. */
  async scrub(): Promise<boolean> {
    await this.flush();
    return (await this.#states.scrub?.()) ?? true;
  }

  async #start({ storeId }: StoreInfo): Promise<void> {
    const root = realpathSync(this.#directory);
    const db = new Connection({ name: this.name, path: this.#database, busyTimeoutMs: this.#options.busyTimeoutMs ?? 10_000 });
    await db.open({ readOnly: false });
    try {
      const { isFirst } = await db.write('synced', () => ({ keep: true, result: openRendered(db, storeId) }));
      const known = await db.read(() => renderedPaths(db));
      await this.#removeTemporaryFiles(root, known);
      if (isFirst) {
        await importFiles({ states: this.#states, root, places: this.#places, report: this.#report });
        await db.write('synced', () => ({ keep: true, result: claimFiles(db, storeId) }));
      }
      this.#opened = this.#wire(db, root);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** They would become states of the copy. */
  async #assertNoFiles(): Promise<void> {
    const root = realpathSync(this.#directory);
    for await (const { path, files: names } of walkFiles(root, []))
      if (names.some((name) => this.#places.stateAt(posix.join(path, name)))) throw notEmpty(this.name);
  }

  #wire(db: Connection, root: string): Opened {
    const { renderAfterMs = 2_000, renderAtMostAfterMs = 10_000, editSettlesMs = 250, scanEveryMs = 5_000 } = this.#options;
    const shared = { db, root, places: this.#places, report: this.#report };
    const renderer = new Renderer({ ...shared, owner: `${process.pid}-${randomUUID().slice(0, 8)}` });
    const lookup = new FileLookup(db, this.#places);
    const edits = new FileEdits({
      ...shared,
      lookup,
      records: new EditRecords(shared),
      settlesMs: editSettlesMs,
      render: async (key, options) => {
        const result = await rendering.one(key, options);
        if (result.kind === 'edited') void edits.examine(result.path);
      },
    });
    const rendering = new Rendering({ ...shared, renderer, onEdited: (path) => edits.examine(path) });
    const render = (): void => void rendering.round().catch((error: unknown) => this.#failed(error));
    const schedule = new RenderSchedule({ afterMs: renderAfterMs, atMostAfterMs: renderAtMostAfterMs, render });
    this.#states.signal(() => schedule.touch());
    render();
    const watch = new FilesWatch({
      root,
      paths: () => lookup.paths(),
      everyMs: scanEveryMs,
      onChange: (path) => void edits.examine(path),
      onScan: () => {
        edits.remind();
        schedule.touch();
      },
    });
    return { db, rendering, schedule, edits, watch };
  }

  /** What a process left behind that was killed while it rendered. A live one whose file goes begins anew. */
  async #removeTemporaryFiles(root: string, known: readonly string[]): Promise<void> {
    for await (const { path, files: names } of walkFiles(root, known)) {
      for (const name of names) if (name.startsWith('.') && name.endsWith(TEMPORARY)) rmSync(join(root, path, name), { force: true });
    }
  }

  #failed(error: unknown): void {
    if (isHoldfastError(error, 'CLOSED')) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#report({ kind: 'failed', path: '', message: `Files could not be rendered: ${message}`, error });
  }
}
