export { listCheckpoints, putCheckpoint, restoreCheckpoint } from './checkpoint.ts';
export type { Checkpoint, RestoreOptions } from './checkpoint.ts';
export { bisectVersions, blamePath, keptVersions } from './provenance.ts';
export type { Blame, VersionRecord } from './provenance.ts';
export { replay } from './replay.ts';
export type { ReplayedState } from './replay.ts';
export { dueSnapshots } from './snapshot-policy.ts';
