import { applyPatches, type Patch } from '../../cow/index.ts';
import { parsedPatches } from '../../store/index.ts';
import type { Connection } from '../sqlite/connection.ts';
import { readState } from '../sqlite/read-state.ts';
import type { StateKey } from './rendered-rows.ts';
import type { RecordedValue } from './state-text.ts';

export interface RecordedVersion extends RecordedValue {
  readonly version: number;
}

/**
 * A state as it is recorded, at its head or at an older version; undefined where that is not kept. Within one piece of synchronous work.
 * @throws {HoldfastError} CORRUPT_STATE; a TypeError or SyntaxError where a record is not the engine's.
 */
export function readRecorded(db: Connection, { eid, state }: StateKey, atVersion?: number): RecordedVersion | undefined {
  const loaded = readState(db, eid, state, atVersion);
  if (!loaded) return undefined;
  const { base, patches } = loaded;
  const value: unknown = JSON.parse(base.body);
  for (const run of patches) for (const each of parsedPatches(run)) applyPatches(value, each as Patch[]);
  const { version, defVersion } = patches.at(-1) ?? base;
  return { version, defVersion, value };
}
