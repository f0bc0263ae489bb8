import { channel } from 'node:diagnostics_channel';
import type { EditPlace } from '../../store/index.ts';
import type { StateAddress } from './file-names.ts';

/** Something about a file that a person should know. */
export interface FileReport {
  /**
   * `damaged`: no state can be read from it. `invalid`: it can, but schema or invariants refuse it. Both stay as they are until they are repaired or the head is accepted.
   * `conflict`: a part of an edit was not taken, because the engine changed the same place; `keptAs` is the edit as it was. `unknown`: the file was there without a record of
   * what it came from; it is in `keptAs`, and the head was rendered. `deleted`: rendered again. `imported`: taken as the first version. `refused`: there is no
   * file for a state. `failed`: the file could not be written; it will be tried again.
   */
  readonly kind: 'damaged' | 'invalid' | 'conflict' | 'unknown' | 'deleted' | 'imported' | 'refused' | 'failed';
  /** Below the directory, with `/` in it. */
  readonly path: string;
  readonly message: string;
  readonly address?: StateAddress;
  /** Where a damaged file stops making sense, from 1. */
  readonly line?: number;
  readonly column?: number;
  /** Places in the state: of an invalid edit, or in conflict. */
  readonly places?: readonly EditPlace[];
  /** The path of what was kept aside. */
  readonly keptAs?: string;
  readonly error?: unknown;
}

export type Reporter = (report: FileReport) => void;

const reports = channel('holdfast:file');
/** As the engine does with what has no caller. */
const errors = channel('holdfast:error');

/** Tells the diagnostics channel `holdfast:file` and the caller, who cannot disturb the store by throwing: that goes to `holdfast:error`. */
export function reporter(onReport: Reporter | undefined): Reporter {
  return (report) => {
    if (reports.hasSubscribers) reports.publish(report);
    try {
      onReport?.(report);
    } catch (error) {
      if (errors.hasSubscribers) errors.publish({ error });
    }
  };
}
