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
  /** False when nobody can tell whether what was said is harmless. */
  maySpend(): boolean;
}

/** Whose session the tools work on; `turn` is absent when a button of the page calls one. */
export interface SessionContext {
  readonly session: Session;
  readonly turn?: TurnContext;
}

const storage = new AsyncLocalStorage<SessionContext>();

/** Runs `work` with tools acting on this session, and no other. */
export function withSession<R>(context: SessionContext, work: () => R): R {
  return storage.run(context, work);
}

export function currentSession(): SessionContext | undefined {
  return storage.getStore();
}
