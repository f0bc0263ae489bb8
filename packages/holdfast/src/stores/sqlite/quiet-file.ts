import { existsSync, statSync } from 'node:fs';

/**
 * Marks the content of a database that no write-ahead log lies beside: nobody has it open for writing. It can be read as it is then, without the log
 * and the shared memory that SQLite would make, for as long as the mark stays the same. Undefined while there is a log.
 */
export function quietMark(path: string): string | undefined {
  if (existsSync(`${path}-wal`)) return undefined;
  const file = statSync(path, { bigint: true, throwIfNoEntry: false });
  return file && [file.dev, file.ino, file.size, file.mtimeNs, file.ctimeNs].join(':');
}
