import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { syncDirectory } from './durable-file.ts';
import { codeOf, pathInside } from './state-file.ts';

/** Nobody repairs so many. */
const MOST_KEPT = 1_000;

/**
 * Keeps a text beside its file, as `tab.conflict-1.json`, synced; one that is there already is not kept twice. Answers its path below the root, undefined where
 * nothing can be written.
 */
export function keepAside(root: string, path: string, text: string): string | undefined {
  const { dir, name, ext } = posix.parse(path);
  for (let number = 1; number <= MOST_KEPT; number += 1) {
    const kept = posix.join(dir, `${name}.conflict-${number}${ext}`);
    const real = pathInside(root, kept);
    if (real === undefined) return undefined;
    if (writeNew(real, text) || readFileSync(real, 'utf8') === text) return kept;
  }
  return undefined;
}

/** Whether a file was a conflict that was kept aside. */
export function isKeptAside(path: string): boolean {
  return /\.conflict-\d+\.\w+$/.test(path);
}

function writeNew(path: string, text: string): boolean {
  let fd: number;
  try {
    fd = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncDirectory(dirname(path));
  return true;
}
