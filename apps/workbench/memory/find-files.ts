import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDERS, keyOfFile } from './document-key.ts';

/** Nobody keeps so many; a folder of something else may have got there. */
const MOST_FILES = 5_000;
const MOST_FOLDERS = 1_000;

/** Keys of the documents whose files are in the folder. Links are not followed, and what can be no document is passed over. */
export async function findFiles(home: string): Promise<readonly string[]> {
  const keys: string[] = [];
  const left: string[] = [...FOLDERS];
  for (let read = 0; left.length > 0 && read < MOST_FOLDERS; read += 1) {
    const folder = left.shift() as string;
    for (const entry of await entriesOf(join(home, 'memory', folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) left.push(path);
      const key = entry.isFile() ? keyOfFile(path) : undefined;
      if (key !== undefined && keys.length < MOST_FILES) keys.push(key);
    }
  }
  return keys;
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return [];
    throw error;
  }
}
