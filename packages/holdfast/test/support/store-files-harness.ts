import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreHarness } from 'holdfast/conformance';
import { files, type FileFormat } from 'holdfast/files';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';

/** Each store has a directory of its own. */
export function filesHarness(format: FileFormat): StoreHarness {
  const directories = new WeakMap<Store, string>();
  const remember = (store: Store, directory: string): Store => {
    directories.set(store, directory);
    return store;
  };
  const directoryOf = (store: Store): string => directories.get(store) as string;
  const databaseOf = (store: Store): string => join(directoryOf(store), '.holdfast', 'store.db');
  let made = 0;
  const parent = mkdtempSync(join(tmpdir(), `holdfast-${format}-`));
  process.once('exit', () => rmSync(parent, { recursive: true, force: true }));
  const fresh = (): string => mkdtempSync(join(parent, `${(made += 1)}-`));
  return {
    name: `files in ${format}`,
    create: ({ clock }) => {
      const directory = fresh();
      return remember(files(directory, { format, clock }), directory);
    },
    again: (store, { clock }) => remember(files(directoryOf(store), { format, clock }), directoryOf(store)),
    child: (store) => ({ module: import.meta.resolve('holdfast/files'), factory: 'files', args: [directoryOf(store), { format }] }),
    files: (store) => [databaseOf(store)],
    tracedPaths: (store) => [databaseOf(store), `${databaseOf(store)}-wal`, `${databaseOf(store)}-shm`],
    backupPath: () => join(fresh(), 'copy.db'),
    openBackup: (path) => sqlite(path),
    dispose: (store) => rmSync(directoryOf(store), { recursive: true, force: true }),
  };
}
