import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { passingKey } from '../../server/keys/master-keys.ts';
import { makeLog } from '../../server/log.ts';
import type { Bar } from '../../server/bar.ts';
import { loadMenu } from '../../server/menu/index.ts';
import { paymentEffects } from '../../server/payments/payment-effects.ts';
import { PaymentPolling } from '../../server/payments/payment-polling.ts';
import { PAYMENT_TIMES } from '../../server/payments/payment-times.ts';
import { SimulatedLedger } from '../../server/payments/simulated-ledger.ts';
import { SimulatedProvider } from '../../server/payments/simulated-provider.ts';
import { withSession } from '../../server/session/session-context.ts';
import type { Session } from '../../server/session/session.ts';
import { SessionTokens } from '../../server/session/session-tokens.ts';
import { Sessions } from '../../server/session/sessions.ts';
import { BAR_TOOLS } from '../../server/tools/bar-tools.ts';
import { runTool, type ToolAnswer } from '../../server/tools/run-tool.ts';
import { tabMatchesItems } from '../../server/state/index.ts';
import { DEFAULT_CONFIG } from '../../server/understanding/index.ts';

/** The tools with a session of their own, without server and turn. */
async function openTools(): Promise<{
  bar: Bar;
  session: Session;
  call: (name: string, input?: object) => Promise<ToolAnswer>;
  close: () => Promise<void>;
}> {
  const provider = new SimulatedProvider({ ledger: new SimulatedLedger(undefined) });
  const effects = paymentEffects({ provider, times: PAYMENT_TIMES, clock: Date.now, remember: () => Promise.resolve() });
  const state = await StateManager.open({
    store: memory(),
    keys: passingKey(),
    effects: Object.values(effects),
    invariants: [tabMatchesItems],
  });
  const polling = new PaymentPolling(PAYMENT_TIMES, makeLog('silent'));
  const bar: Bar = {
    ...{ menu: loadMenu(), understanding: DEFAULT_CONFIG, reorderAfterTurns: 4 },
    ...{ state, provider, effects, polling, times: PAYMENT_TIMES, linkWaitMs: 1_000, now: Date.now },
  };
  const session = await new Sessions({ state, tokens: new SessionTokens('test'), expiresAfterMs: 60_000, clock: Date.now }).create();
  const call = async (name: string, input: object = {}): Promise<ToolAnswer> =>
    (await withSession({ session }, () => runTool(bar, name, input as never))).answer;
  return { bar, session, call, close: () => (polling.close(), state.close()) };
}

describe('every tool', () => {
  it.each([...BAR_TOOLS.keys()])('%s fails with INVALID_SESSION without a session', async (name) => {
    const { bar, close } = await openTools();
    const { answer } = await runTool(bar, name, { item_name: 'Martini', percentage: 10, preference: 'fruity' });
    expect(answer).toMatchObject({ status: 'error', error: 'INVALID_SESSION' });
    await close();
  });
});

describe('add_to_order', () => {
  it('answers with item, price, balance and tab', async () => {
    const { call, close } = await openTools();
    expect(await call('add_to_order', { item_name: 'old-fashioned', modifiers: ['Rocks', 'whisky'], quantity: 2 })).toEqual({
      status: 'ok',
      result: { item: '2 × Old Fashioned (on the rocks, Whiskey)', price: '$24.00', balance: '$976.00', tab: '$24.00' },
    });
    await close();
  });

  it.each([
    [{ item_name: 'Ambrosia' }, 'ITEM_NOT_FOUND'],
    [{ item_name: 'Martini', quantity: 0 }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', quantity: -1 }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', quantity: 21 }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', quantity: 1e9 }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', quantity: 1.5 }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', quantity: Number.NaN }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', quantity: true }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', modifiers: ['on fire'] }, 'ITEM_NOT_FOUND'],
    [{ item_name: 'Martini', modifiers: ['constructor'] }, 'ITEM_NOT_FOUND'],
    [{ item_name: 'Martini', modifiers: 'dry' }, 'ITEM_NOT_FOUND'],
    [{ item_name: 'Martini', quantity: '2' }, 'INVALID_QUANTITY'],
    [{ item_name: 'Martini', quantity: Number.POSITIVE_INFINITY }, 'INVALID_QUANTITY'],
    [{ item_name: 'toString' }, 'ITEM_NOT_FOUND'],
    [{ item_name: 'Tap Beer', modifiers: ['Gin'] }, 'ITEM_NOT_FOUND'],
    [{ item_name: 7 }, 'ITEM_NOT_FOUND'],
    [{ item_name: '__proto__' }, 'ITEM_NOT_FOUND'],
    [{}, 'ITEM_NOT_FOUND'],
  ])('refuses %j with %s and writes nothing', async (input, code) => {
    const { call, session, close } = await openTools();
    expect(await call('add_to_order', input)).toMatchObject({ status: 'error', error: code });
    expect(session.revision).toBe(0);
    await close();
  });

  it('says balance and price with two decimals when the balance does not cover it, and orders nothing', async () => {
    const { call, session, close } = await openTools();
    for (let round = 0; round < 3; round++) await call('add_to_order', { item_name: 'Martini', quantity: 20 });
    const before = session.revision;
    expect(await call('add_to_order', { item_name: 'Martini', quantity: 20 })).toEqual({
      status: 'error',
      error: 'INSUFFICIENT_FUNDS',
      message: 'That comes to $260.00, and your balance is $220.00, so I ordered nothing. It would cover 16 × Martini for $208.00.',
    });
    expect(session.revision).toBe(before);
    await close();
  });

  it('called many times at once charges each once, and no more than there is', async () => {
    const { call, session, close } = await openTools();
    const answers = await Promise.all(Array.from({ length: 12 }, () => call('add_to_order', { item_name: 'Daiquiri', quantity: 10 })));
    const charged = answers.filter(({ status }) => status === 'ok').length;
    expect(session.payment.current).toMatchObject({ balance: 100_000 - charged * 10_000, tabTotal: charged * 10_000 });
    expect(session.currentOrder.current.items).toHaveLength(charged);
    const refusals = new Set(answers.flatMap((answer) => (answer.status === 'error' ? [answer.error] : [])));
    expect([...refusals].every((code) => code === 'INSUFFICIENT_FUNDS' || code === 'CONCURRENT_MODIFICATION')).toBe(true);
    await close();
  });
});

describe('add_to_order beside other changes of the tab', () => {
  it('looks again and orders when one came first, and asks back when another one did meanwhile', async () => {
    const { call, session, close } = await openTools();
    const order = (count: number): Promise<ToolAnswer[]> =>
      Promise.all(Array.from({ length: count }, () => call('add_to_order', { item_name: 'Daiquiri' })));

    expect(await order(2)).toMatchObject([{ status: 'ok' }, { status: 'ok' }]);
    const answers = await order(3);

    expect(answers.filter(({ status }) => status === 'ok')).toHaveLength(2);
    expect(answers.filter(({ status }) => status === 'error')).toEqual([
      {
        status: 'error',
        error: 'CONCURRENT_MODIFICATION',
        message: expect.stringMatching(/ordered nothing. Your balance is \$9\d0\.00/) as string,
      },
    ]);
    expect(session.payment.current).toMatchObject({ balance: 96_000, tabTotal: 4000 });
    await close();
  });
});

describe('add_tip', () => {
  it.each([
    [{ amount: 2.5 }, 250],
    [{ amount: 4.65 }, 465],
    [{ amount: 0 }, 0],
    [{ amount: -0 }, 0],
    [{ amount: 1000 }, 100_000],
    [{ percentage: 20 }, 260],
  ])('%j of a tab of 13.00 is %i cents', async (input, cents) => {
    const { call, session, close } = await openTools();
    await call('add_to_order', { item_name: 'Martini' });
    expect((await call('add_tip', input)).status).toBe('ok');
    expect(session.payment.current.tipAmount).toBe(cents);
    await close();
  });

  it.each([
    { amount: -1 },
    { amount: 1.005 },
    { amount: 1000.01 },
    { amount: 1e-7 },
    { amount: 1e9 },
    { amount: 1e21 },
    { percentage: 0 },
    { amount: Number.POSITIVE_INFINITY },
    { percentage: 12 },
    { amount: '5' },
  ])('refuses %j with INVALID_TIP_PERCENTAGE', async (input) => {
    const { call, session, close } = await openTools();
    await call('add_to_order', { item_name: 'Martini' });
    expect(await call('add_tip', input)).toMatchObject({ status: 'error', error: 'INVALID_TIP_PERCENTAGE' });
    expect(session.payment.current.tipAmount).toBe(0);
    await close();
  });
});

describe('place_order and confirm_order', () => {
  it('read the order back without changing it, and send it once', async () => {
    const { call, session, close } = await openTools();
    await call('add_to_order', { item_name: 'Negroni' });
    const before = session.revision;
    expect(await call('confirm_order')).toEqual({ status: 'ok', result: { items: ['1 × Negroni'], total: '$11.00' } });
    expect(session.revision).toBe(before);
    expect(await call('place_order')).toEqual({ status: 'ok', result: { items: ['1 × Negroni'], minutes: 2 } });
    expect(await call('place_order')).toMatchObject({ status: 'error', error: 'ITEM_NOT_FOUND' });
    await close();
  });

  it('take 2 to 8 minutes, and what is ordered next is on the counter again', async () => {
    const { call, session, close } = await openTools();
    const minutes: unknown[] = [];
    for (const quantity of [1, 6, 20]) {
      await call('add_to_order', { item_name: 'Water', quantity });
      expect(session.currentOrder.current).toMatchObject({ finished: false, items: [{ quantity }] });
      minutes.push(await call('place_order'));
      expect(session.currentOrder.current).toEqual({ finished: true, items: [] });
    }
    expect(minutes).toMatchObject([2, 5, 8].map((each) => ({ result: { minutes: each } })));
    await close();
  });
});

describe('create_stripe_payment and pay_bill', () => {
  it('are the same payment, which clear_order takes nothing out of once it is paid', async () => {
    const { bar, call, session, close } = await openTools();
    await call('add_to_order', { item_name: 'Negroni' });
    const made = await call('create_stripe_payment');
    expect(made).toMatchObject({ status: 'ok', result: { total: '$11.00', link: /^\/pay\// } });
    expect(await call('pay_bill')).toEqual(made);
    await bar.provider.cancel(session.payment.current.paymentId!, AbortSignal.timeout(1_000));
    await call('check_payment_status');
    expect(await call('create_stripe_payment')).not.toEqual(made);
    expect(await call('clear_order')).toMatchObject({ result: { removedItems: 0, keptItems: 1, tab: '$11.00' } });
    await close();
  });
});

describe('get_tip and set_tip', () => {
  it('tell the tip, and take it back by the same percentage or by null', async () => {
    const { call, close } = await openTools();
    await call('add_to_order', { item_name: 'Daiquiri' });
    const tips: unknown[] = [await call('get_tip')];
    for (const percentage of [20, 20, 15, null]) {
      await call('set_tip', { percentage });
      tips.push(await call('get_tip'));
    }
    expect(tips).toMatchObject(['$0.00', '$2.00', '$0.00', '$1.50', '$0.00'].map((tip) => ({ result: { tip } })));
    await close();
  });
});
