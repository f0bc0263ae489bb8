import { HoldfastError } from '../../errors/index.ts';
import { EXTENSION, formatOf, stateAt, statePath, type FileFormat, type StateAddress } from './file-names.ts';

/** The folder of the database, in the directory of the files. */
export const INSIDE = '.holdfast';

/** Gives a state's file another path than its own; undefined leaves it. */
export type Place = (entity: { readonly scope: string; readonly id: string }, state: string) => string | undefined;

/** Where the files of states are. */
export class StatePlaces {
  readonly format: FileFormat;
  readonly #place: Place | undefined;

  constructor(format: FileFormat, place: Place | undefined) {
    this.format = format;
    this.#place = place;
  }

  /** @throws {HoldfastError} INVALID_ARGUMENT when the caller's own place is no path below the directory; and whatever the caller's function throws. */
  pathOf(address: StateAddress): string {
    const { scope, id, state } = address;
    const placed = this.#place?.({ scope, id }, state);
    if (placed === undefined) return statePath(address, this.format);
    if (!isPlace(placed)) {
      const message = `The state ${state} of ${scope}:${id} was given the place ${JSON.stringify(placed)}; give a path below the directory that ends with ${EXTENSION.json} or ${EXTENSION.yaml}.`;
      throw new HoldfastError('INVALID_ARGUMENT', message, { argument: 'place' });
    }
    return placed;
  }

  /** The state whose file has this path by its name, and not by the caller's function. */
  stateAt(path: string): StateAddress | undefined {
    const address = stateAt(path, this.format);
    return address && this.pathOf(address) === path ? address : undefined;
  }

  formatOf(path: string): FileFormat {
    return formatOf(path, this.format);
  }
}

/** Below the directory, visible, and one whose format is known; the same text wherever it is written. */
function isPlace(path: unknown): path is string {
  return (
    typeof path === 'string' &&
    path.length <= 1_024 &&
    /\.(?:json|yaml|yml)$/.test(path) &&
    !/[\\\p{Cc}]/u.test(path) &&
    path.isWellFormed() &&
    path.split('/').every((name) => name !== '' && name !== '..' && name !== '.') &&
    path.split('/')[0]?.toLowerCase() !== INSIDE
  );
}
