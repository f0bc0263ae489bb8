import { HoldfastError } from '../errors/index.ts';

/** What every write is answered with where `what` was opened read-only. */
export function readOnlyRefusal(what: string): HoldfastError<'INVALID_ARGUMENT'> {
  return new HoldfastError('INVALID_ARGUMENT', `${what} was opened read-only; open it without readOnly to write. Nothing was written.`, {
    argument: 'readOnly',
  });
}
