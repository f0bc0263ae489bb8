import { AsyncLocalStorage } from 'node:async_hooks';
import type { Lease } from 'holdfast';
import type { Session } from './session.ts';

/** The turn that tools run in. */
export interface TurnContext {
  readonly id: string;
  /** Every commit of the turn is made under it. */
  readonly lease: Lease;
  /** Gives 0, 1, 2, … : a call's place in the turn. */
  nextCall(): number;
  /** To be called when the turn has added something to the order. */
  ordered(): void;
}

/** A call by a client of the MCP server. */
export interface ClientCall {
  /** The client's name for the call: repeats of it are one call. */
  readonly id?: string | undefined;
}

/** Whose session the tools work on; a button of the page calls them with neither `turn` nor `client`. */
export interface SessionContext {
  readonly session: Session;
  readonly turn?: TurnContext;
  readonly client?: ClientCall;
  /** False when nobody can tell whether what was said is harmless. */
  maySpend?(): boolean;
}

const storage = new AsyncLocalStorage<SessionContext>();

/** Runs `work` with tools acting on this session, and no other. */
export function withSession<R>(context: SessionContext, work: () => R): R {
  return storage.run(context, work);
}

export function currentSession(): SessionContext | undefined {
  return storage.getStore();
}
