import { HoldfastError } from '../errors/index.ts';

/** The error of a record that is not what its checksum says. `what` is put into its message. */
export function damaged(what: string): HoldfastError<'CORRUPT_STATE'> {
  return new HoldfastError('CORRUPT_STATE', `The stored record of ${what} is damaged; it was left as it is. Restore it from a backup.`, {
    what,
  });
}

/** As {@link damaged}, of a version of a state; `lastGoodVersion` is the one before it that can be read. */
export function damagedState(
  eid: number,
  state: string,
  version: number,
  lastGoodVersion: number | undefined,
): HoldfastError<'CORRUPT_STATE'> {
  const what = `version ${version} of the state ${state} of the entity with eid ${eid}`;
  const advice =
    lastGoodVersion === undefined
      ? 'no version of it can be read; restore it from a backup'
      : `version ${lastGoodVersion} is the last good one before it and can be read`;
  return new HoldfastError('CORRUPT_STATE', `The stored record of ${what} is damaged and was left as it is: ${advice}.`, {
    what,
    ...(lastGoodVersion !== undefined && { lastGoodVersion }),
  });
}
