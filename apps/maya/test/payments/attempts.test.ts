import { describe, expect, it } from 'vitest';
import { attempt } from '../../server/payments/attempts.ts';
import { Availability } from '../../server/payments/availability.ts';
import { ProviderRefusal } from '../../server/payments/payment-provider.ts';
import { PAYMENT_TIMES } from '../../server/payments/payment-times.ts';

const TIMES = { ...PAYMENT_TIMES, attemptWaitsMs: [20, 40, 80], callTimeoutMs: 50 };
const { signal } = new AbortController();

/** Asks in vain; gives when each attempt began, and what it all came to. */
async function inVain(fail: (signal: AbortSignal) => Promise<never>, withinMs = 1_000): Promise<{ began: number[]; error: unknown }> {
  const began: number[] = [];
  const ask = (limited: AbortSignal): Promise<never> => {
    began.push(performance.now());
    return fail(limited);
  };
  const error: unknown = await attempt(ask, TIMES, { withinMs, signal }).catch((reason: unknown) => reason);
  return { began, error };
}

const lost = (): Promise<never> => Promise.reject(new Error('lost'));

const silence = (limited: AbortSignal): Promise<never> =>
  new Promise((_resolve, reject) => limited.addEventListener('abort', () => reject(limited.reason as Error)));

describe('attempts', () => {
  it('are four, with waits between them that double', async () => {
    const { began, error } = await inVain(lost);
    const waits = began.slice(1).map((at, index) => at - (began[index] ?? 0));
    expect(waits).toHaveLength(3);
    for (const [index, wait] of waits.entries()) expect(wait).toBeGreaterThanOrEqual(TIMES.attemptWaitsMs[index]! - 2);
    expect(error).toMatchObject({ message: 'lost' });
  });

  it('are 1, 2 and 4 seconds apart and take 15 seconds at most; then it is asked every 2 seconds for 30, unless told otherwise', () => {
    expect(PAYMENT_TIMES).toEqual({
      ...{ attemptWaitsMs: [1_000, 2_000, 4_000], attemptsWithinMs: 15_000, callTimeoutMs: 5_000 },
      ...{ pollEveryMs: 2_000, pollForMs: 30_000 },
    });
  });

  it('end with the time for all of them', async () => {
    const { began } = await inVain(lost, 50);
    expect(began).toHaveLength(2);
  });

  it('that get no answer are given up one by one', async () => {
    const { began, error } = await inVain(silence);
    expect(began).toHaveLength(4);
    expect(error).toMatchObject({ name: 'TimeoutError' });
  });

  it('end with a refusal', async () => {
    const { began, error } = await inVain(() => Promise.reject(new ProviderRefusal('no')));
    expect(began).toHaveLength(1);
    expect(error).toBeInstanceOf(ProviderRefusal);
  });
});

describe('the availability of a provider', () => {
  it('is none when it does not answer in five seconds', async () => {
    const began = performance.now();
    expect(await new Availability(silence, Date.now).check()).toBe(false);
    expect(performance.now() - began).toBeGreaterThanOrEqual(4_990);
  });

  it('is asked once for all who want to know at the same time, and believed for 30 seconds', async () => {
    let [now, asked] = [0, 0];
    const availability = new Availability(
      () => Promise.resolve(++asked > 0),
      () => now,
    );
    await Promise.all([availability.check(), availability.check()]);
    now = 29_999;
    await availability.check();
    expect(asked).toBe(1);
    now = 30_000;
    expect(await availability.check()).toBe(true);
    expect(asked).toBe(2);
  });
});
