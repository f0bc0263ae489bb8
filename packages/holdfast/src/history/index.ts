export { listCheckpoints, putCheckpoint } from './checkpoint.ts';
export type { Checkpoint } from './checkpoint.ts';
export { bisectVersions, blamePath, keptVersions } from './provenance.ts';
export type { Blame, VersionRecord } from './provenance.ts';
export { replay } from './replay.ts';
export type { ReplayedState } from './replay.ts';
export { restoreCheckpoint } from './restore.ts';
export type { RestoreOptions } from './restore.ts';
export { dueSnapshots } from './snapshot-policy.ts';
