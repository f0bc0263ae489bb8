/** What kind of answer an error is. Stable: clients go by it. */
export type WorkbenchErrorCode =
  /** An argument does not fit; the message names it. */
  | 'INVALID_INPUT'
  /** What was named is not there. */
  | 'NOT_FOUND'
  /** It is there, and in a state that forbids what was asked. */
  | 'REFUSED'
  /** A service, daemon or file that is needed cannot be reached now. */
  | 'UNAVAILABLE';

/** A wish that cannot be granted: what happened, to which thing, and what to do. Nothing was changed; thrown in a recipe, it takes the whole commit back. */
export class WorkbenchError extends Error {
  override readonly name = 'WorkbenchError';
  readonly code: WorkbenchErrorCode;

  constructor(code: WorkbenchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
