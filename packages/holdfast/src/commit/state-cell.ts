import type { StateSecrets } from '../secret/index.ts';
import type { Change } from '../store/index.ts';
import type { EntityCell } from './entity-cell.ts';

/** How a state's definition reads what is stored; given by the layer above, which knows schemas and migrations. */
export interface StateReader {
  /** Of the definition. */
  readonly version: number;
  /** How many of the newest versions are kept; those that checkpoints name are kept besides. */
  readonly keepVersions: number;
  /** The value of a state that has no version yet; frozen. */
  readonly initial: unknown;
  /** Of a definition with secrets: how they are stored. Its `load` comes before `read`. */
  readonly secrets?: StateSecrets;
  /** Brings a stored value to the definition's version and freezes it. Throws MIGRATION_FAILED or VALIDATION_FAILED. */
  read(stored: unknown, defVersion: number, version: number): unknown;
}

/** The newest confirmed snapshot of one state that this process has seen. */
export class StateCell {
  readonly entity: EntityCell;
  readonly state: string;
  readonly reader: StateReader;
  version = 0;
  value: unknown;
  /** Of the record that made `version`; may be newer than the definition knows. */
  defVersion = 0;
  /** The log has moved past the snapshot in a way that cannot be followed; it is loaded anew before it is used to write. */
  stale = true;
  /** What the log has grown by since the last full value, to decide when the next one is due. */
  logBytes = 0;
  logPatches = 0;
  /** Size of the last full value or snapshot in characters; 0 when it is not known. */
  fullBytes = 0;
  /** Versions before this one were pruned, as far as this process has done it. */
  prunedBefore = 0;
  readonly watchers: Set<(now: unknown, was: unknown) => void> = new Set();

  constructor(entity: EntityCell, state: string, reader: StateReader) {
    this.entity = entity;
    this.state = state;
    this.reader = reader;
    this.value = reader.initial;
  }

  /** Counts a change of so many characters that was logged. */
  grow(kind: Change['kind'], characters: number): void {
    if (kind === 'full') {
      this.fullBytes = characters;
      this.logBytes = 0;
      this.logPatches = 0;
    } else {
      this.logBytes += characters;
      this.logPatches += 1;
    }
  }

  /** Takes a newer confirmed snapshot and tells the watchers; an older one is ignored. */
  publish(version: number, value: unknown, defVersion: number): void {
    if (version <= this.version) return;
    const was = this.value;
    this.version = version;
    this.value = value;
    this.defVersion = defVersion;
    for (const watch of this.watchers) watch(value, was);
  }
}
