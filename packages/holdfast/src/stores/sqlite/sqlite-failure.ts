import { HoldfastError } from '../../errors/index.ts';

/** Primary result codes of SQLite; the extended ones hold them in their low byte. */
const SQLITE = { busy: 5, locked: 6, corrupt: 11, full: 13, tooBig: 18, constraint: 19, notADatabase: 26 } as const;

/** Whether another connection was in the way, so that trying again later may succeed. */
export function isBusy(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE.busy || code === SQLITE.locked;
}

/**
 * Says in Holdfast's terms what SQLite or the file system reported. `at` tells how far a write had come: what fails in the commit itself may be
 * on disk all the same, except a full disk, which leaves the commit's last record unwritten.
 */
export function storeFailure(error: unknown, store: string, at: 'before commit' | 'commit'): unknown {
  if (error instanceof HoldfastError) return error;
  const { cause, reason } = { cause: error, reason: error instanceof Error ? error.message : String(error) };
  const code = primaryCode(error);
  const systemCode = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === SQLITE.full || systemCode === 'ENOSPC' || systemCode === 'EDQUOT') {
    return new HoldfastError(
      'STORE_FULL',
      `The disk of ${store} is full; nothing was written. Free some space and try again.`,
      { store },
      { cause },
    );
  }
  if (code === SQLITE.corrupt || code === SQLITE.notADatabase || systemCode === 'ERR_OUT_OF_RANGE') {
    return new HoldfastError(
      'CORRUPT_STATE',
      `The file of ${store} is damaged (${reason}); restore it from a backup.`,
      { what: store },
      { cause },
    );
  }
  if (code === SQLITE.tooBig)
    return new HoldfastError('INVALID_ARGUMENT', `A record is too large for ${store}.`, { argument: 'body' }, { cause });
  if (code === undefined && systemCode === undefined) return error;
  const outcome = at === 'commit' ? 'unknown' : 'not-written';
  return new HoldfastError(
    'STORE_UNAVAILABLE',
    `${store} did not answer (${reason}); ${outcome === 'unknown' ? 'the write may have happened' : 'nothing was written'}.`,
    { store, outcome },
    { cause },
  );
}

/**
 * Whether a connection that reported this must not go on: after an I/O error it may hold pages that never reached the disk, and one
 * that was short of file descriptors when it was opened stays read-only for ever.
 */
export function isConnectionLost(error: unknown): boolean {
  const code = primaryCode(error);
  return code !== undefined && code !== SQLITE.constraint && code !== SQLITE.tooBig && !isBusy(error);
}

function primaryCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode & 0xff : undefined;
}
