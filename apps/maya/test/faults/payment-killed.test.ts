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
  return ledger
    .prepare("SELECT amount FROM payment WHERE status = 'paid'")
    .all()
    .map(({ amount }) => Number(amount));
}

/** Clicks until the tab is shown as paid or the server is dead. */
async function pay(visitor: Visitor): Promise<SessionView> {
  for (;;) {
    const session = await visitor.session();
    if (session.payment.status === 'completed') return session;
    if (session.payment.link) await (await visitor.post(`${session.payment.link}/confirm`)).text();
    else await (await visitor.post('/api/pay')).text();
  }
}

/** Whether the whole payment went through before the process was killed. */
async function paysToTheEnd(visitor: Visitor): Promise<boolean> {
  return await pay(visitor).then(
    () => true,
    () => false,
  );
}

describe.skipIf(!canTrace)(`a payment killed at every step${canTrace ? '' : ' (skipped: strace cannot be used here)'}`, () => {
  it('is charged exactly once, and shown as paid only when it is', async () => {
    let kills = 0;
    for (let step = 1, isThrough = false; !isThrough; step++) {
      expect(step).toBeLessThan(MOST_STEPS);
      await using maya = await MayaProcess.start();
      const visitor = new Visitor(maya.url);
      await visitor.say('two dry martinis and a tap beer, please');
      await maya.kill();

      const isOpen = await maya.restartToBeKilled(step);
      isThrough = isOpen && (await paysToTheEnd(visitor));
      if (isOpen && !isThrough) kills += 1;
      if (!isThrough) await maya.restart();

      const session = await pay(visitor);
      expect(paidAmounts(maya.directory)).toEqual([3_100]);
      expect(session.payment).toMatchObject({ balance: 96_900, tab: 0, paidTotal: 3_100, status: 'completed', needsReconciliation: false });
      expect(session.messages.filter(({ text }) => text.includes('received, thank you'))).toHaveLength(1);
    }
    expect(kills).toBeGreaterThan(5);
  }, 600_000);
});
