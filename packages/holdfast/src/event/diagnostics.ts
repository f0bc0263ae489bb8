import { channel } from 'node:diagnostics_channel';
import { isHoldfastError } from '../errors/index.ts';
import type { DiagnosticMessages, Ending, ErrorSource } from './diagnostic-messages.ts';

/** A channel of `node:diagnostics_channel` whose messages are of one type. Look at `hasSubscribers` before a message is made. */
export interface DiagnosticChannel<Message> {
  readonly hasSubscribers: boolean;
  publish(message: Message): void;
}

type Channels = {
  readonly [Name in keyof DiagnosticMessages as Name extends `holdfast:${infer Short}` ? Short : never]: DiagnosticChannel<
    DiagnosticMessages[Name]
  >;
};

/** Every channel that the engine publishes on, by its name without `holdfast:`. */
export const diagnostics: Channels = {
  error: channel('holdfast:error'),
  commit: channel('holdfast:commit'),
  conflict: channel('holdfast:conflict'),
  load: channel('holdfast:load'),
  snapshot: channel('holdfast:snapshot'),
  prune: channel('holdfast:prune'),
  checkpoint: channel('holdfast:checkpoint'),
  restore: channel('holdfast:restore'),
  fork: channel('holdfast:fork'),
  merge: channel('holdfast:merge'),
  effect: channel('holdfast:effect'),
  lease: channel('holdfast:lease'),
  sweep: channel('holdfast:sweep'),
};

/** Publishes an error that has no caller. */
export function publishError(error: unknown, source: ErrorSource = 'background'): void {
  if (diagnostics.error.hasSubscribers) diagnostics.error.publish({ error, source });
}

/** What may be told of a failure: its kind. A message may quote what somebody put into it. */
export function errorCode(error: unknown): string {
  if (isHoldfastError(error)) return error.code;
  return error instanceof Error ? error.name : typeof error;
}

/**
 * Does an operation and, where somebody listens, tells how it went. `describe` gets its result, or undefined when it failed. Costs one look at
 * the channel where nobody does.
 */
export async function observed<R, Message extends Ending>(
  target: DiagnosticChannel<Message>,
  work: () => Promise<R>,
  describe: (result: R | undefined) => Omit<Message, keyof Ending>,
): Promise<R> {
  if (!target.hasSubscribers) return await work();
  const startedAt = performance.now();
  const publish = (result: R | undefined, ending: { readonly code?: string }): void =>
    target.publish({ ...describe(result), ...ending, durationMs: performance.now() - startedAt } as unknown as Message);
  try {
    const result = await work();
    publish(result, {});
    return result;
  } catch (error) {
    publish(undefined, { code: errorCode(error) });
    throw error;
  }
}
