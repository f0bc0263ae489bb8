import { HoldfastError, isHoldfastError } from '../../errors/index.ts';

/** SQLSTATEs with a meaning of their own; those of HF are raised by the store's own functions. */
const DAMAGED = 'HF002';
const WRONG_ISOLATION = 'HF003';
const DISK_FULL = '53100';
const TOO_LARGE = new Set(['54000', '22021', '22P05', '54001']);
const TWICE = '23505';
const CORRUPTED = new Set(['XX001', 'XX002']);
/** The tables or functions of the store are not there, or not as this program knows them. */
const NOT_OURS = new Set(['3F000', '42P01', '42703', '42883', '42804']);
/** A server that ends a connection before it takes a statement: nothing was written, although it is fatal. */
const NOT_LET_IN = /^(28|3D|08001|08004|53300|57P03)/;

/**
 * Says in Holdfast's terms what the server, its client or the network reported. A statement is a transaction: what the server answers with an
 * error was not written; when a connection ends instead, a write may have happened.
 */
export function storeFailure(error: unknown, store: string, isWrite: boolean): HoldfastError {
  if (isHoldfastError(error)) return error;
  const [code, reason] = [sqlState(error), reasonOf(error)];
  const options = { cause: error };
  if (code === DAMAGED) {
    const message = `The stored record of ${reason} is damaged; it was left as it is. Restore it from a backup.`;
    return new HoldfastError('CORRUPT_STATE', message, { what: reason }, options);
  }
  if (code === DISK_FULL)
    return new HoldfastError(
      'STORE_FULL',
      `The disk of ${store} is full; nothing was written. Free some space and try again.`,
      { store },
      options,
    );
  if (code === WRONG_ISOLATION) {
    const message = `${store} cannot be used as it is: ${reason}. Set default_transaction_isolation for its user.`;
    return new HoldfastError('INVALID_ARGUMENT', message, { argument: 'client' }, options);
  }
  if (TOO_LARGE.has(code))
    return new HoldfastError('INVALID_ARGUMENT', `A record does not fit into ${store} (${reason}).`, { argument: 'body' }, options);
  if (code === TWICE)
    return new HoldfastError('INVALID_ARGUMENT', `A commit changes a state twice (${reason}).`, { argument: 'changes' }, options);
  if (CORRUPTED.has(code) || NOT_OURS.has(code)) {
    const message = `${store} is damaged or no store of this format (${reason}); restore it from a backup.`;
    return new HoldfastError('CORRUPT_STATE', message, { what: store }, options);
  }
  const outcome = isWrite && isLost(error) ? 'unknown' : 'not-written';
  return new HoldfastError(
    'STORE_UNAVAILABLE',
    `${store} did not answer (${reason}); ${outcome === 'unknown' ? 'the write may have happened' : 'nothing was written'}.`,
    { store, outcome },
    options,
  );
}

/** Whether the connection ended without an answer to the statement, so that another connection may give one. */
export function isLost(error: unknown): boolean {
  const code = sqlState(error);
  if (code === '') return !isConnecting(error);
  const isFatal = field(error, 'severity') === 'FATAL' || field(error, 'severity') === 'PANIC' || code.startsWith('08');
  return isFatal && !NOT_LET_IN.test(code);
}

/** A connection that was never made has sent nothing. */
function isConnecting(error: unknown): boolean {
  return field(error, 'syscall') === 'connect' || field(error, 'syscall') === 'getaddrinfo' || field(error, 'code') === 'ECONNREFUSED';
}

/** Five characters with a digit among them, which no code of a system error is; '' when it is no answer of the server. */
function sqlState(error: unknown): string {
  const code = field(error, 'code');
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : '';
}

/** Without what stands before the @ of an address: a password has no place in a message. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message || field(error, 'code') || 'no reason was given').replaceAll(/\/\/[^\s/]*@/g, '//');
}

function field(error: unknown, name: 'code' | 'severity' | 'syscall'): string {
  const value: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
  return typeof value === 'string' ? value : '';
}
