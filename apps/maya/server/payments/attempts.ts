import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderRefusal } from './payment-provider.ts';
import type { PaymentTimes } from './payment-times.ts';

/**
 * Asks, and asks again after each wait, until there is an answer, a refusal, or no time left; each attempt gets its own signal. Rejects with what
 * the last attempt came to.
 */
export async function attempt<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { attemptWaitsMs, callTimeoutMs }: PaymentTimes,
  { withinMs, signal }: { readonly withinMs: number; readonly signal: AbortSignal },
): Promise<T> {
  const endsAt = performance.now() + withinMs;
  for (const waitMs of [...attemptWaitsMs, undefined]) {
    const leftMs = Math.ceil(endsAt - performance.now());
    try {
      return await ask(AbortSignal.any([signal, AbortSignal.timeout(Math.max(1, Math.min(callTimeoutMs, leftMs)))]));
    } catch (error) {
      const isOver = waitMs === undefined || performance.now() + waitMs >= endsAt;
      if (error instanceof ProviderRefusal || isOver || signal.aborted) throw error;
      await sleep(waitMs, undefined, { signal });
    }
  }
  throw new TypeError('There is always a last attempt.');
}
