import { HoldfastError } from '../../errors/index.ts';
import type { FileFormat } from './file-names.ts';
import type { Reporter } from './report.ts';
import type { Place } from './state-places.ts';

export interface FilesOptions {
  /** How states are written where their place does not say otherwise. Default `json`. */
  readonly format?: FileFormat;
  /**
   * Gives a state's file another path than `<scope>/<id>/<state>`: relative to the directory, with `/` between names, ending with `.json` or `.yaml`, its own for each
   * state. Undefined leaves it where it is. It must always answer the same.
   */
  readonly place?: Place;
  /** How long after a state's last change its file is rendered. Default 2,000. */
  readonly renderAfterMs?: number;
  /** How long after the first of many changes it is rendered at the latest. Default 10,000. */
  readonly renderAtMostAfterMs?: number;
  /** For how long a file must stay as it is before an edit is taken. Default 250. */
  readonly editSettlesMs?: number;
  /** How often files are looked at that the file system did not tell of. Default 5,000. */
  readonly scanEveryMs?: number;
  /** Called with what a person should know; also on the diagnostics channel `holdfast:file`. */
  readonly onReport?: Reporter;
  /** The store's clock, epoch ms. Default `Date.now`. */
  readonly clock?: () => number;
  /** How long a call waits for other processes that write, before it is STORE_UNAVAILABLE. Default 10,000. */
  readonly busyTimeoutMs?: number;
}

/** @throws {HoldfastError} INVALID_ARGUMENT. */
export function assertOptions(directory: string, options: FilesOptions): void {
  if (directory === '' || directory.includes('\u0000'))
    throw invalid('directory', 'The directory of a file store must be a path; name it, as in files("config").');
  if (options.format !== undefined && !['json', 'yaml'].includes(options.format))
    throw invalid('format', `The format of a file store is json or yaml, not ${JSON.stringify(options.format)}.`);
  for (const name of ['renderAfterMs', 'renderAtMostAfterMs', 'editSettlesMs', 'scanEveryMs'] as const) {
    const value = options[name] ?? 0;
    if (!(value >= 0 && value <= 2 ** 31 - 1)) throw invalid(name, `${name} must be a number of milliseconds from 0 up, not ${value}.`);
  }
}

function invalid(argument: string, message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message, { argument });
}
