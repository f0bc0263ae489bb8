import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SessionContext } from 'holdfast';
import { openManager } from '../../support/bar.ts';
import { Payment, provider } from '../../support/payment.ts';

describe('a session context', () => {
  it('gives each of several calls at the same time its own session, however deep', async () => {
    const context = new SessionContext<string>('session');
    const deep = async (): Promise<string> => {
      await turn();
      return await Promise.resolve().then(() => context.get());
    };
    expect(await Promise.all(['a', 'b', 'c'].map((session) => context.run(session, deep)))).toEqual(['a', 'b', 'c']);
  });

  it('prefers the session that is passed explicitly', () => {
    const context = new SessionContext<string>('session');
    expect(context.run('ambient', () => context.get('explicit'))).toBe('explicit');
  });

  it('says clearly when there is none', () => {
    const context = new SessionContext<string>('bar session');
    expect(() => context.get()).toThrow(expect.objectContaining({ code: 'NOT_FOUND', data: { what: 'bar session' } }));
    expect(context.find()).toBeUndefined();
  });

  it('is that of its caller in a recipe and in an effect, also when several are written together', async () => {
    const context = new SessionContext<string>('session');
    const bank = provider({ run: async (charge) => (ran.push(context.find()), charge()) });
    const ran: unknown[] = [];
    await using state = await openManager({ effects: [bank.effect] });
    const found: unknown[] = [];
    const visit = async (guest: string): Promise<void> => {
      const payment = await state.conversation(guest).get(Payment);
      await payment.update((draft, tx) => {
        found.push(context.find());
        draft.status = 'paying';
        tx.effect(bank.effect, { key: guest, input: { amount: 5 } });
      });
      await state.conversation(guest).effect(bank.effect, guest).outcome();
    };
    await Promise.all(['anna', 'ben'].map((guest) => context.run(guest, () => visit(guest))));
    expect(found).toEqual(['anna', 'ben']);
    expect(new Set(ran)).toEqual(new Set(['anna', 'ben']));
  });
});
