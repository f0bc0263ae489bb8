import { lstatSync, watch, type FSWatcher } from 'node:fs';
import { join, posix } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isKeptAside } from './keep-aside.ts';
import { walkFiles } from './walk-files.ts';

/** The system gives each user some thousands, for all programs together. Directories beyond are looked at by scanning. */
const MOST_WATCHED = 1_000;
/** Directories come in groups: one scan for all of them. */
const SCAN_SOON_MS = 50;
/** How many files are looked at before the event loop goes on. */
const SLICE = 50;
/** A file that changed so shortly before it was looked at may have changed again at the same time. */
const RACY_MS = 2_000;

/**
 * Tells of files that may have changed: by watching their directories, and by looking at them all every `everyMs` in case the system did not say so. Keeps no
 * process alive.
 */
export class FilesWatch {
  readonly #root: string;
  readonly #paths: () => Promise<{ readonly rendered: readonly string[]; readonly placed: Iterable<string> }>;
  readonly #onChange: (path: string) => void;
  readonly #watchers = new Map<string, FSWatcher>();
  readonly #timer: NodeJS.Timeout;
  readonly #onScan: () => void;
  /** How each file looked at the last scan; empty when that says nothing. */
  #stamps = new Map<string, string>();
  #soon: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: {
    root: string;
    /** Files that should be there, and others that may be although the walk does not lead to them. */
    paths: () => Promise<{ readonly rendered: readonly string[]; readonly placed: Iterable<string> }>;
    everyMs: number;
    onChange: (path: string) => void;
    /** Called after each scan. */
    onScan: () => void;
  }) {
    this.#root = options.root;
    this.#paths = options.paths;
    this.#onChange = options.onChange;
    this.#onScan = options.onScan;
    this.#timer = setInterval(() => void this.scan(), options.everyMs).unref();
    this.#watch('');
    void this.scan();
  }

  /** Looks at all files now. */
  scan(): Promise<void> {
    this.#scanning ??= this.#scan()
      .catch(() => undefined) // a directory that goes while it is read; the next scan sees what is there
      .finally(() => (this.#scanning = undefined));
    return this.#scanning;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#scanning;
  }

  async #scan(): Promise<void> {
    const stamps = new Map<string, string>();
    const directories = new Set(['']);
    let changed = 0;
    const { rendered, placed } = await this.#paths();
    for await (const { path, files } of walkFiles(this.#root, [...rendered, ...placed])) {
      if (this.#isClosed) return;
      directories.add(path);
      this.#watch(path);
      for (const name of files) {
        const file = posix.join(path, name);
        if (!isStateFile(file)) continue;
        const stamp = this.#stampOf(file);
        stamps.set(file, stamp);
        if (stamp !== '' && stamp === this.#stamps.get(file)) continue;
        this.#onChange(file);
        changed += 1;
        if (changed % SLICE === 0) await turn();
      }
    }
    for (const path of rendered) if (!stamps.has(path)) this.#onChange(path);
    for (const [path, watcher] of this.#watchers) {
      if (directories.has(path)) continue;
      watcher.close();
      this.#watchers.delete(path);
    }
    this.#stamps = stamps;
    this.#onScan();
  }

  #stampOf(path: string): string {
    try {
      const { ino, size, mtimeMs, ctimeMs } = lstatSync(join(this.#root, path));
      return Math.abs(Date.now() - ctimeMs) < RACY_MS ? '' : `${ino} ${size} ${mtimeMs} ${ctimeMs}`;
    } catch {
      return '';
    }
  }

  /** Where watching is not to be had, scanning is. */
  #watch(directory: string): void {
    if (this.#isClosed || this.#watchers.has(directory) || this.#watchers.size >= MOST_WATCHED) return;
    try {
      const watcher = watch(join(this.#root, directory), { persistent: false }, (_event, name) => this.#changed(directory, name));
      watcher.on('error', () => watcher.close());
      this.#watchers.set(directory, watcher);
    } catch {
      // The directory is gone, or there are too many watches on this machine.
    }
  }

  #changed(directory: string, name: string | null): void {
    if (this.#isClosed) return;
    if (name !== null && isStateFile(name)) this.#onChange(posix.join(directory, name));
    // A directory, as far as a name can tell: what is in it may have come with it.
    else if (name === null || !name.includes('.')) this.#soon ??= setTimeout(() => void this.#scanSoon(), SCAN_SOON_MS).unref();
  }

  async #scanSoon(): Promise<void> {
    this.#soon = undefined;
    await this.#scanning;
    if (!this.#isClosed) await this.scan();
  }
}

function isStateFile(path: string): boolean {
  return /\.(?:json|ya?ml)$/.test(path) && !posix.basename(path).startsWith('.') && !isKeptAside(path);
}
