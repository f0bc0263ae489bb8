import { WorkbenchError } from '../workbench-error.ts';

/** What can be called of every daemon, with the names of its arguments, which are texts. D-Bus and the socket are made from this one table. */
export const CALLS = {
  Ping: [],
  GetStatus: [],
  GetStats: [],
  Shutdown: [],
  HealthCheck: [],
  /** Any method of the daemon, its arguments as one JSON object. */
  CallMethod: ['name', 'argsJson'],
} as const;
export type CallName = keyof typeof CALLS;

/** What every daemon tells by itself, with the names of what comes along: texts, of which those in JSON say so. */
export const SIGNALS = { StatusChanged: ['statusJson'], Event: ['type', 'dataJson'] } as const;
export type SignalName = keyof typeof SIGNALS;
export type SignalListener = (signal: SignalName, args: readonly string[]) => void;

export interface DaemonProperties {
  readonly Running: boolean;
  /** Seconds. */
  readonly Uptime: number;
  /** JSON. */
  readonly Stats: string;
}

/** A daemon as ways in see it: those on the bus and those on a socket alike. */
export interface DaemonEndpoint {
  readonly name: string;
  /** Gives JSON. @throws {WorkbenchError} NOT_FOUND, INVALID_INPUT, and what the daemon's method throws. */
  call(name: string, args: readonly string[]): Promise<unknown>;
  properties(): DaemonProperties;
  /** Returns the unsubscriber. */
  listen(listener: SignalListener): () => void;
}

/** The longest JSON of arguments that is read. */
const MAX_ARGS = 1_048_576;
const MAX_ANSWER = 16_777_216;

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(CALLS, name);
}

/** The arguments of `CallMethod`. @throws {WorkbenchError} INVALID_INPUT. */
export function parseArgs(argsJson: string): unknown {
  if (argsJson.length > MAX_ARGS)
    throw new WorkbenchError('INVALID_INPUT', `The arguments are ${argsJson.length} characters long; they may have ${MAX_ARGS}.`);
  if (argsJson.trim() === '') return {};
  try {
    return JSON.parse(argsJson);
  } catch (cause) {
    throw new WorkbenchError('INVALID_INPUT', 'The arguments are no JSON; give an object such as {"limit": 5}, or nothing.', { cause });
  }
}

/** An answer as JSON. @throws {WorkbenchError} REFUSED when it is longer than 16 MB. */
export function answerText(answer: unknown): string {
  const text = JSON.stringify(answer ?? null);
  if (text.length <= MAX_ANSWER) return text;
  throw new WorkbenchError('REFUSED', `The answer is ${text.length} characters long; ask for less, ${MAX_ANSWER} at most.`);
}

/** How a failure is told to clients: its code, and a message that was made for them. */
export function shownFailure(error: unknown): { readonly code: string; readonly message: string } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED';
  return { code, message: error instanceof Error ? error.message : String(error) };
}
