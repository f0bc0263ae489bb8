import { HoldfastError } from '../errors/index.ts';
import type { EntityRecord, ItemRecord, LoggedCommit, Snapshot } from './records.ts';

/** Records of another store under the numbers that they have there. Entities come before the commits that changed them, commits in order and without gaps. */
export interface ImportPart {
  /** Deletes all that was imported before. */
  readonly clear?: true;
  readonly entities?: readonly EntityRecord[];
  /** With those of their changes that are kept. */
  readonly commits?: readonly LoggedCommit[];
  /** Passed over where the log holds the version whole, put in the place of one that is there; the same one may come twice. */
  readonly snapshots?: readonly Snapshot[];
  readonly items?: readonly ItemRecord[];
  /** The importer's own text about how far it has come: kept together with the records, and given back by the next `open`. */
  readonly standing: string;
}

/** What every open but one for importing is answered with while `what` is the half of a copy. */
export function unfinishedImport(what: string): HoldfastError<'CORRUPT_STATE'> {
  const message = `${what} is not a whole copy yet; copy into it again, which goes on where it was left, or delete it.`;
  return new HoldfastError('CORRUPT_STATE', message, { what });
}

/** What opening a store for importing is answered with when there is something in it. */
export function notEmpty(what: string): HoldfastError<'INVALID_ARGUMENT'> {
  const message = `${what} is not empty; a copy needs a store that has nothing in it. Nothing was changed.`;
  return new HoldfastError('INVALID_ARGUMENT', message, { argument: 'to' });
}

/** What `import` is answered with by a store that was not opened for it. */
export function notImporting(what: string): HoldfastError<'INVALID_ARGUMENT'> {
  return new HoldfastError('INVALID_ARGUMENT', `${what} was not opened for importing; nothing was written.`, { argument: 'importing' });
}
