import { freezeJson } from '../cow/index.ts';
import { schemaIssues } from '../state/index.ts';
import { EffectFailure, type EffectDefinition, type EffectOutcome } from './effect-definition.ts';

/** Runs it, and makes of its answer or error what is known of the outcome. */
export async function outcomeOf(effect: EffectDefinition, run: () => Promise<unknown>): Promise<EffectOutcome<unknown>> {
  try {
    const output = await run();
    const issue = freezeJson(output);
    const issues = issue ? [issue] : schemaIssues(effect.output, output);
    if (!issues) return { status: 'done', output };
    return { status: 'unknown', error: `its answer does not fit at ${issues[0]?.path.join('.') || '(root)'}: ${issues[0]?.message}` };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { status: error instanceof EffectFailure ? 'failed' : 'unknown', error: message };
  }
}

/** The effect's answer, or a rejection once the signal aborts: one that does not listen to it must not keep the manager from closing. */
export function untilAborted<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new Error('the manager closed, or another process took over, before it answered'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([answer, promise]).finally(() => signal.removeEventListener('abort', abort));
}
