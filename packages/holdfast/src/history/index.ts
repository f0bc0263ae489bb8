export { listCheckpoints, putCheckpoint, restoreCheckpoint } from './checkpoint.ts';
export type { Checkpoint, RestoreOptions } from './checkpoint.ts';
export { replay } from './replay.ts';
export type { ReplayedState } from './replay.ts';
export { dueSnapshots } from './snapshot-policy.ts';
