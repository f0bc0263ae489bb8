import { randomBytes, randomUUID } from 'node:crypto';
import { link, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HoldfastError } from '../errors/index.ts';
import { masterKey, MASTER_KEY_BYTES, type KeyProvider, type MasterKey } from './master-key.ts';

/** A key file: who may read it can read every secret. */
export interface KeyFile extends KeyProvider {
  /** Puts a new key in front of the others; `manager.rotateKeys()` then wraps all data keys with it. Gives its id. */
  addKey(): Promise<string>;
}

/**
 * Master keys in a file, the first of which is current. It is made with one key, readable by its owner only (0600), when it is not there, and read
 * whenever a key is needed, so that other processes notice a new one. Keep it away from the store and its backups.
 * @throws {HoldfastError} from the provider: INVALID_ARGUMENT when others may read the file; CORRUPT_STATE when it is damaged.
 */
export function keyFile(path: string): KeyFile {
  return {
    current: async () => (await readKeys(path))[0] as MasterKey,
    byId: async (id) => (await readKeys(path)).find((key) => key.id === id),
    addKey: async () => {
      const key = newKey();
      await readKeys(path);
      // Under one name, so that of two processes one is told to wait: a key that gets lost would take what it wrapped with it.
      await publish(path, `${path}.new`, async () => [key, ...(await readKeys(path))], rename);
      return key.id;
    },
  };
}

async function readKeys(path: string): Promise<readonly MasterKey[]> {
  const found = await textOf(path);
  if (found !== undefined) return parse(path, found);
  try {
    const building = join(dirname(path), `.${basename(path)}.${randomUUID()}.new`);
    await publish(path, building, async () => [newKey()], link);
  } catch (error) {
    // Another process has made it meanwhile.
    if (!isCode(error, 'EEXIST')) throw error;
  }
  return parse(path, (await textOf(path)) ?? '');
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new HoldfastError('INVALID_ARGUMENT', `The key file ${path} may be used by others than its owner; run chmod 600 on it.`, {
        argument: 'keys',
      });
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What a parser says of it is not passed on: it would quote the file. */
function parse(path: string, text: string): readonly MasterKey[] {
  const keys = keysIn(text);
  if (keys) return keys;
  throw new HoldfastError('CORRUPT_STATE', `The key file ${path} is damaged and was left as it is; restore it from a copy.`, {
    what: path,
  });
}

function keysIn(text: string): readonly MasterKey[] | undefined {
  try {
    const { keys } = JSON.parse(text) as { keys: readonly { id: string; key: string }[] };
    const read = keys.map(({ key }) => masterKey(Buffer.from(key, 'base64url')));
    const isSound =
      read.length > 0 && read.every(({ id, key }, index) => id === keys[index]?.id && key.symmetricKeySize === MASTER_KEY_BYTES);
    return isSound ? read : undefined;
  } catch {
    return undefined;
  }
}

function newKey(): MasterKey {
  return masterKey(randomBytes(MASTER_KEY_BYTES));
}

/** Writes the file whole and synced under another name before it gets its own. */
async function publish(
  path: string,
  building: string,
  keys: () => Promise<readonly MasterKey[]>,
  name: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const file = await openNew(building);
  try {
    const entries = (await keys()).map(({ id, key }) => ({ id, key: key.export().toString('base64url') }));
    await file.writeFile(`${JSON.stringify({ keys: entries }, undefined, 2)}\n`);
    await file.sync();
    await name(building, path);
  } finally {
    await file.close();
    await rm(building, { force: true });
  }
  const directory = await open(dirname(path), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function openNew(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (cause) {
    if (!isCode(cause, 'EEXIST')) throw cause;
    throw new HoldfastError(
      'INVALID_ARGUMENT',
      `Another process writes ${path}, or died while it did; delete it when none does.`,
      { argument: 'keys' },
      { cause },
    );
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
