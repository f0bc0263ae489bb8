import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { StoreHarness } from 'holdfast/conformance';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';

/** Each store has a directory of its own. */
export function sqliteHarness(): StoreHarness {
  const paths = new WeakMap<Store, string>();
  const remember = (store: Store, path: string): Store => {
    paths.set(store, path);
    return store;
  };
  const pathOf = (store: Store): string => paths.get(store) as string;
  let made = 0;
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-sqlite-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const fresh = (): string => mkdtempSync(join(directory, `${(made += 1)}-`));
  return {
    name: 'sqlite',
    create: ({ clock }) => {
      const path = join(fresh(), 'store.db');
      return remember(sqlite(path, { clock }), path);
    },
    again: (store, { clock }) => remember(sqlite(pathOf(store), { clock }), pathOf(store)),
    child: (store) => ({ module: import.meta.resolve('holdfast/sqlite'), factory: 'sqlite', args: [pathOf(store)] }),
    files: (store) => [pathOf(store)],
    tracedPaths: (store) => [pathOf(store), `${pathOf(store)}-wal`, `${pathOf(store)}-shm`],
    backupPath: () => join(fresh(), 'copy.db'),
    openBackup: (path) => sqlite(path),
    dispose: (store) => rmSync(dirname(pathOf(store)), { recursive: true, force: true }),
  };
}
