/**
 * What each error code carries in `data`. The names are the stable surface; messages may improve.
 * Ids, states and versions are always given where they are known, so that a log line is enough to act on.
 */
export interface ErrorData {
  /** A state moved since the version the caller expected; also when retrying ran out of time. */
  CONCURRENT_MODIFICATION: { entity: string; state: string; expectedVersion: number; actualVersion: number };
  /** The idempotency or effect key was used before with another input. */
  IDEMPOTENCY_MISMATCH: { entity: string; key: string };
  /** A value is not JSON, does not fit the schema, or is over a size limit; `issues` name each path. */
  VALIDATION_FAILED: { entity: string; state: string; issues: readonly ValidationIssue[] };
  /** A business rule said no; nothing was written. */
  INVARIANT_VIOLATED: { entity: string; state: string; invariant: string };
  /** A stored older shape could not be brought to the definition's version; `issues` say where the result is no JSON, if that is why. */
  MIGRATION_FAILED: { entity: string; state: string; fromVersion: number; toVersion: number; issues?: readonly ValidationIssue[] };
  /** Stored by a newer definition or a newer store format than this program knows. */
  NEWER_VERSION: { what: string; found: number; known: number };
  /** A stored record is damaged; its bytes are kept and were not replaced. */
  CORRUPT_STATE: { what: string; lastGoodVersion?: number };
  /** The entity, version or checkpoint is not there (any more), or a store that was to be read only. */
  NOT_FOUND: { what: string };
  /** The lease expired or passed to another holder; nothing was written. */
  STALE_LEASE: { entity: string; lease: string };
  /** Another holder has the lease until `expiresAt` (epoch ms, the store's clock). */
  LEASE_HELD: { entity: string; lease: string; holder: string; expiresAt: number };
  /** An effect of this name is not settled yet, so another one may not start. */
  EFFECT_UNKNOWN: { entity: string; effect: string; key: string; status: string };
  /** Restoring would rewind states that are bound to effects or other entities. */
  RESTORE_REFUSED: { entity: string; checkpoint: string; bound: readonly string[] };
  /** A secret's envelope cannot be opened with the keys at hand. */
  SECRET_UNREADABLE: { entity: string; state: string; path: string };
  /** The store did not answer; `outcome` says whether the write may have happened. */
  STORE_UNAVAILABLE: { store: string; outcome: 'not-written' | 'unknown' };
  /** The disk or the quota is full; nothing was written. */
  STORE_FULL: { store: string };
  /** The manager or store was closed. */
  CLOSED: { what: string };
  /** An entity id, state, checkpoint, lease or effect name is not acceptable. */
  INVALID_ID: { what: string };
  /** A call's arguments do not fit; the message says which and why. */
  INVALID_ARGUMENT: { argument: string };
}

/** One place where a value does not fit. `path` is from the state's root; an empty path is the root itself. */
export interface ValidationIssue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** A stable name of what went wrong; {@link ErrorData} says what each one carries. */
export type ErrorCode = keyof ErrorData;

/** The only error class that Holdfast throws. Switch on `code`; `data` has the shape of that code. */
export class HoldfastError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'HoldfastError';
  readonly code: Code;
  readonly data: Readonly<ErrorData[Code]>;

  constructor(code: Code, message: string, data: ErrorData[Code], options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.data = data;
  }
}

/** Narrows an unknown error to a Holdfast error, of one code when `code` is given. */
export function isHoldfastError<Code extends ErrorCode = ErrorCode>(error: unknown, code?: Code): error is HoldfastError<Code> {
  return error instanceof HoldfastError && (code === undefined || error.code === code);
}
