import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { MayaProcess } from '../support/maya-process.ts';
import { Visitor } from '../support/visitor.ts';

const canTrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;
/** Every commit and every entry of the provider's ledger ends with a sync, so these are the steps of a payment. More than there are. */
const MOST_STEPS = 60;

/** Amounts in cents that the provider was really paid. */
function paidAmounts(directory: string): readonly number[] {
  using ledger = new DatabaseSync(join(directory, 'maya-payments.db'));
  return ledger.prepare("SELECT amount FROM payment WHERE status = 'paid'").all().map(({ amount }) => Number(amount));
}

/** Clicks until the tab is paid or the server is dead; whatever happens, "completed" is never shown before the provider was paid. */
async function pay(visitor: Visitor, directory: string): Promise<SessionView> {
  for (;;) {
    const session = await visitor.session();
    if (session.payment.status === 'completed') {
      expect(paidAmounts(directory)).toEqual([3_100]);
      return session;
    }
    if (session.payment.link) await (await visitor.post(`${session.payment.link}/confirm`)).text();
    else await (await visitor.post('/api/pay')).text();
  }
}

describe.skipIf(!canTrace)(canTrace ? 'a payment killed at every step' : 'a payment killed at every step (skipped: strace cannot be used here)', () => {
  it('is charged exactly once, and shown as paid only when it is', async () => {
    const steps: string[] = [];
    for (let step = 1; step <= MOST_STEPS; step++) {
      await using maya = await MayaProcess.start();
      const visitor = new Visitor(maya.url);
      await visitor.say('two dry martinis and a tap beer, please');
      await maya.kill();

      const isOpen = await maya.restartToBeKilled(step);
      const wasCompleted = isOpen && (await pay(visitor, maya.directory).then(() => true, () => false));
      if (wasCompleted) {
        expect(maya.isRunning).toBe(true);
        steps.push('ran through');
        break;
      }
      steps.push(isOpen ? 'killed in the payment' : 'killed at the start');

      await maya.restart();
      const session = await pay(visitor, maya.directory);
      expect(session.payment).toMatchObject({ balance: 96_900, tab: 0, paidTotal: 3_100, status: 'completed', needsReconciliation: false });
      expect(session.messages.filter(({ text }) => text.includes('received, thank you'))).toHaveLength(1);
    }
    expect(steps.filter((step) => step === 'killed in the payment').length).toBeGreaterThan(5);
    expect(steps.at(-1)).toBe('ran through');
  }, 600_000);
});
