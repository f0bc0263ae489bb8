import { randomUUID } from 'node:crypto';
import { realpathSync, rmSync } from 'node:fs';
import { join, posix, resolve } from 'node:path';
import { isHoldfastError } from '../../errors/index.ts';
import type { CompactionPlan, Commit, Store, StoreCapabilities, StoreInfo, StoreOpenOptions } from '../../store/index.ts';
import { Connection } from '../sqlite/connection.ts';
import { sqlite } from '../sqlite/index.ts';
import { storeFailure } from '../sqlite/sqlite-failure.ts';
import { makeDirectory } from './durable-file.ts';
import { assertOptions, type FilesOptions } from './files-options.ts';
import { RenderSchedule } from './render-schedule.ts';
import { Rendering } from './rendering.ts';
import { Renderer } from './renderer.ts';
import { allRendered, claimFiles, openRendered } from './rendered-rows.ts';
import { reporter, type Reporter } from './report.ts';
import { INSIDE, StatePlaces } from './state-places.ts';
import { TEMPORARY, walkFiles } from './walk-files.ts';

/**
 * A store whose states are files in a directory, for people to read and to edit. The truth is a SQLite store in `<directory>/.holdfast`; each state's newest version is
 * rendered to its file a moment after it was committed. For one or many processes of one machine, on a local disk. The directory is made when the store is opened.
 * @throws {HoldfastError} INVALID_ARGUMENT.
 */
export function files(directory: string, options: FilesOptions = {}): Store {
  assertOptions(directory, options);
  return new FileStore(directory, options);
}

/** What there is while the store is open. */
interface Opened {
  readonly db: Connection;
  readonly rendering: Rendering;
  readonly schedule: RenderSchedule;
}

class FileStore implements Store {
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
    this.#report = reporter(onReport, (error) => process.emitWarning(error instanceof Error ? error : String(error)));
  }

  /** Opened read-only, files are neither rendered nor looked at. */
  async open(options: StoreOpenOptions = {}): Promise<StoreInfo> {
    if (options.readOnly) return await this.#states.open(options);
    try {
      makeDirectory(join(this.#directory, INSIDE));
    } catch (error) {
      throw storeFailure(error, this.name, 'before commit');
    }
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
    const { busyTimeoutMs = 10_000, renderAfterMs = 2_000, renderAtMostAfterMs = 10_000 } = this.#options;
    const db = new Connection({ name: this.name, path: this.#database, busyTimeoutMs });
    await db.open({ readOnly: false });
    try {
      const { isFirst } = await db.write('synced', () => ({ keep: true, result: openRendered(db, storeId) }));
      const owner = `${process.pid}-${randomUUID().slice(0, 8)}`;
      const renderer = new Renderer({ db, root, places: this.#places, owner });
      const rendering = new Rendering({ db, renderer, report: this.#report, onEdited: () => undefined });
      await this.#removeTemporaryFiles(db, root);
      if (isFirst) await db.write('synced', () => ({ keep: true, result: claimFiles(db, storeId) }));
      const render = (): void => void rendering.round().catch((error: unknown) => this.#failed(error));
      const schedule = new RenderSchedule({ afterMs: renderAfterMs, atMostAfterMs: renderAtMostAfterMs, render });
      this.#opened = { db, rendering, schedule };
      this.#states.signal(() => schedule.touch());
      render();
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** What a process left behind that was killed while it rendered. A live one whose file goes begins anew. */
  async #removeTemporaryFiles(db: Connection, root: string): Promise<void> {
    const rows = await db.read(() => allRendered(db));
    for await (const { path, files: names } of walkFiles(
      root,
      rows.map((row) => posix.dirname(row.path)),
    )) {
      for (const name of names) if (name.startsWith('.') && name.endsWith(TEMPORARY)) rmSync(join(root, path, name), { force: true });
    }
  }

  #failed(error: unknown): void {
    if (isHoldfastError(error, 'CLOSED')) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#report({ kind: 'failed', path: '', message: `Files could not be rendered: ${message}`, error });
  }
}
