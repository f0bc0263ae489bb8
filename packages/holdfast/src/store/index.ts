export { assertStorable } from './assert-storable.ts';
export { BatchWriter } from './batch-writer.ts';
export type { CommitEntry } from './batch-writer.ts';
export { checksum } from './checksum.ts';
export { decodeSnapshot, encodeSnapshot } from './codec.ts';
export type { Codec, EncodedSnapshot } from './codec.ts';
export { COLLECTION } from './collections.ts';
export { newCommitId } from './commit-id.ts';
export type {
  BatchResult,
  Commit,
  Durability,
  AbsentEntity,
  EntityCreation,
  Expectation,
  IdempotencyRecord,
  ItemKey,
  ItemPut,
  Refusal,
  Requirement,
  Touch,
} from './commit.ts';
export { damaged, damagedState } from './damaged.ts';
export { emptyCommit } from './empty-commit.ts';
export { expiryAt, isExpired } from './expiry.ts';
export { decodeIdempotency, encodeIdempotency } from './idempotency-item.ts';
export { notEmpty, notImporting, unfinishedImport } from './import-part.ts';
export type { ImportPart } from './import-part.ts';
export { LogSignal } from './log-signal.ts';
export { leavesTrace, mentionedEids } from './mentioned-eids.ts';
export type { EditOutcome, EditPlace, OutsideEdit, OutsideEdits, OutsideState, RecordedBody } from './outside-edits.ts';
export { passing } from './passing.ts';
export { BETWEEN_PATCHES, bodiesOf, lengthOf, MAX_RUN, parsedPatches, patchRuns } from './patch-run.ts';
export type {
  CompactionPlan,
  EntityFilter,
  ItemFilter,
  LogFilter,
  LogPage,
  Store,
  StoreCapabilities,
  StoreInfo,
  StoreOpenOptions,
  StoreUsage,
  UsageRow,
} from './port.ts';
export { readOnlyRefusal } from './read-only-refusal.ts';
export type {
  Change,
  CommitFlag,
  CommitMeta,
  Drop,
  EntityOrigin,
  EntityRecord,
  Head,
  ItemRecord,
  LoadedState,
  LoggedChange,
  LoggedCommit,
  PatchRun,
  Snapshot,
} from './records.ts';
export { assertName, compareText, prefixEnd } from './text.ts';
