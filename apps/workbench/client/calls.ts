import type { Call } from './actions.ts';

/** Runs methods by their names, here and in daemons. */
export interface Calls {
  /** @throws {WorkbenchError} NOT_FOUND, INVALID_INPUT, REFUSED, UNAVAILABLE, with a sentence for a person. */
  call(call: Call): Promise<unknown>;
}
