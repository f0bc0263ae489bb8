import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { checkPaymentSchedules } from '../support/payment-schedules.ts';

const seed = Number(process.env['PAYMENT_SEED'] ?? randomInt(2 ** 31));
const RUNS = 500;

describe(`payments under ${RUNS} random schedules of kills, lost replies, doubled events, impatient clicks and new orders`, () => {
  it(`are charged at most once and shown as what they are (seed ${seed}, again with PAYMENT_SEED)`, async () => {
    const tally = await checkPaymentSchedules({ runs: RUNS, seed });
    process.stdout.write(`payments: ${JSON.stringify(tally)}\n`);
    // The schedules are worth something only if all of this has come about in them.
    for (const [what, times] of Object.entries(tally)) expect(times, what).toBeGreaterThan(10);
  }, 1_800_000);
});
