import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Writes a new file in full and syncs it. `write` may take less than it was given, so it goes on until nothing is left. */
export function writeSynced(path: string, text: string): void {
  const bytes = Buffer.from(text);
  const fd = openSync(path, 'w', 0o600);
  try {
    for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** Puts a file in the place of another. It stays there after a power cut: the directory is synced too. */
export function renameSynced(from: string, to: string, directory: string): void {
  renameSync(from, to);
  const fd = openSync(directory, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
