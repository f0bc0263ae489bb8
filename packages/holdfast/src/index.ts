export { closeOnSignals } from './close-on-signals.ts';
export type { CloseOnSignalsOptions } from './close-on-signals.ts';
export type { Draft, Json, Patch } from './cow/index.ts';
export { EffectFailure, defineEffect } from './effect/index.ts';
export type {
  DraftsOf,
  EffectDefinition,
  EffectHandle,
  EffectOptions,
  EffectOutcome,
  EffectRun,
  Reconciliation,
  UnsettledEffect,
} from './effect/index.ts';
export type { EntityHandle } from './entity-handle.ts';
export { HoldfastError, isHoldfastError } from './errors/index.ts';
export type { ErrorCode, ErrorData, ValidationIssue } from './errors/index.ts';
export { copyStore, renderTimeline, renderTree } from './history/index.ts';
export type { ChangeEvent, ChangesOptions, CommitEvent, DiagnosticMessages } from './event/index.ts';
export type {
  Amount,
  AutoCheckpointOptions,
  Blame,
  Branch,
  Checkpoint,
  CheckpointFilter,
  CheckpointOptions,
  CommonAncestor,
  CopyOptions,
  CopyProgress,
  CopyReport,
  Fork,
  ForkTree,
  RenderOptions,
  RestoreOptions,
  SharedCheckpoint,
  SharedCheckpointRef,
  Usage,
  TimelineCommit,
  TimelineEntry,
  TimelineOptions,
  VersionRecord,
} from './history/index.ts';
export { StateManager } from './manager.ts';
export type { ChildrenOptions, ListedEntity, ListOptions } from './list-entities.ts';
export type { EntityOptions, OpenOptions } from './manager-options.ts';
export { SCOPES } from './scope/index.ts';
export type { EntityAddress, Scope } from './scope/index.ts';
export { keyFile, keyFromEnvironment, Secret, secretSchema } from './secret/index.ts';
export type { KeyFile, KeyProvider, KeyRotation, MasterKey } from './secret/index.ts';
export { ClientRegistry, SessionContext } from './session/index.ts';
export type { ClientRegistryOptions, Lease, LeaseHolder, LeaseOptions } from './session/index.ts';
export { defineInvariant, defineState, freeForm } from './state/index.ts';
export type {
  Asked,
  CommitOptions,
  CommitOrigin,
  CommitResult,
  DeleteOptions,
  DefinitionMigration,
  EachItem,
  EachItemOf,
  EffectKind,
  EffectRecord,
  EffectStatus,
  ErasureReceipt,
  ExportedEntity,
  FreeForm,
  HeldLease,
  Invariant,
  ItemAt,
  InvariantDefinition,
  MergeOptions,
  MergeResult,
  Migration,
  Resolution,
  MigrationFailure,
  MigrationOptions,
  MigrationProgress,
  MigrationReport,
  QuarantinedState,
  StateConflict,
  StateDefinition,
  StateHandle,
  StateOptions,
  StateVersion,
  SubscribeOptions,
  SyncResult,
  Transaction,
  UnusableReason,
  ValuesOf,
} from './state/index.ts';
export type { Store } from './store/index.ts';
