import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StateManager } from 'holdfast';
import { files, type FileReport, type FilesOptions } from 'holdfast/files';
import { onTestFinished } from 'vitest';

/** A directory of a file store, removed at the end of the test, and what a test does to it. */
export class FileDirectory {
  readonly path: string = mkdtempSync(join(tmpdir(), 'holdfast-files-'));
  /** Everything that was reported by stores of this directory. */
  readonly reports: FileReport[] = [];
  readonly #waiting = new Set<() => void>();

  constructor() {
    onTestFinished(() => rmSync(this.path, { recursive: true, force: true }));
  }

  /** Opens a manager over it. Edits settle fast, and nothing is rendered by itself within a test's time unless it says so. */
  async open(options: FilesOptions = {}): Promise<StateManager> {
    const onReport = (report: FileReport): void => {
      this.reports.push(report);
      for (const wake of [...this.#waiting]) wake();
    };
    const quick = { renderAfterMs: 60_000, renderAtMostAfterMs: 60_000, editSettlesMs: 20, scanEveryMs: 60_000 };
    return await StateManager.open({ store: files(this.path, { ...quick, onReport, ...options }) });
  }

  join(path: string): string {
    return join(this.path, path);
  }

  read(path: string): string {
    return readFileSync(this.join(path), 'utf8');
  }

  write(path: string, text: string | Uint8Array): void {
    mkdirSync(dirname(this.join(path)), { recursive: true });
    writeFileSync(this.join(path), text);
  }

  /** Resolves with the first report of this kind, made before or after. */
  async reported(kind: FileReport['kind']): Promise<FileReport> {
    for (;;) {
      const found = this.reports.find((report) => report.kind === kind);
      if (found) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
  }
}
