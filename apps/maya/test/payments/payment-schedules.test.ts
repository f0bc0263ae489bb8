import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkPaymentSchedules } from '../support/payment-schedules.ts';

const seed = Number(process.env['PAYMENT_SEED'] ?? randomInt(2 ** 31));

describe('payments under random schedules', () => {
  it(`are charged at most once and shown as what they are (seed ${seed}; more of them with the faults)`, async () => {
    const tally = await checkPaymentSchedules({ runs: 12, seed });
    expect(tally.paid).toBeGreaterThanOrEqual(12);
  }, 120_000);
});
