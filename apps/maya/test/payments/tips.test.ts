import { describe, expect, it } from 'vitest';
import type { SessionView, TipRequest } from '../../server/http/contract.ts';
import { tipOf } from '../../server/payments/tip-rules.ts';
import { OpenBar } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

async function tip(guest: Visitor, percentage: TipRequest['percentage']): Promise<SessionView['payment']> {
  const response = await guest.post('/api/tip', { percentage });
  expect(response.status).toBe(200);
  return ((await response.json()) as SessionView).payment;
}

describe('the tip buttons', () => {
  it('set a percentage, replace it by another, and remove it by the same', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('two martinis and a tap beer please');

    expect(await tip(guest, 15)).toMatchObject({ tipPercentage: 15, tip: 465, total: 3565, balance: 96_900 });
    expect(await tip(guest, 20)).toMatchObject({ tipPercentage: 20, tip: 620, total: 3720 });
    expect(await tip(guest, 20)).toMatchObject({ tipPercentage: null, tip: 0, total: 3100 });
    expect(await tip(guest, 10)).toMatchObject({ tipPercentage: 10, tip: 310 });
    expect(await tip(guest, null)).toMatchObject({ tipPercentage: null, tip: 0 });
  });

  it('have Maya thank for a tip, and not mind its removal', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a martini please');

    await tip(guest, 10);
    await tip(guest, 10);

    const [thanks, removal] = (await guest.session()).messages.slice(-2);
    expect(thanks).toMatchObject({ role: 'assistant', emotion: 'happy', text: expect.stringContaining('$1.30') as string });
    expect(removal).toMatchObject({ role: 'assistant', emotion: 'neutral' });
  });

  it('leave a session alone that there is none of', async () => {
    await using bar = await OpenBar.open();
    const response = await bar.visitor().post('/api/tip', { percentage: 15 });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ error: 'INVALID_SESSION' });
  });
});

describe('a tip', () => {
  it('follows the tab when it is a percentage', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a martini please');
    await tip(guest, 15);
    await guest.say('a negroni please');
    expect((await guest.session()).payment).toMatchObject({ tab: 2400, tipPercentage: 15, tip: 360 });

    await guest.say('cancel my order');
    expect((await guest.session()).payment).toMatchObject({ tab: 0, tipPercentage: 15, tip: 0 });
  });

  it('stays as it is when it is an amount', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a martini please');
    await guest.say('tip 5 dollars');
    expect((await guest.session()).payment).toMatchObject({ tip: 500, tipPercentage: null, total: 1800 });

    await guest.say('a tap beer please');
    expect((await guest.session()).payment).toMatchObject({ tab: 1800, tip: 500, total: 2300 });
  });

  it('said twice is set once; "no tip" removes it', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a martini please');

    await guest.say('tip 15%');
    await guest.say('tip 15%');
    expect((await guest.session()).payment).toMatchObject({ tipPercentage: 15, tip: 195 });

    await guest.say('no tip');
    expect((await guest.session()).payment).toMatchObject({ tipPercentage: null, tip: 0 });
  });

  it('named together with the wish to pay is set before the payment begins, and one that is not understood holds it back', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a martini please');

    for (const [said, answer] of [
      ['pay my bill and tip 12%', '10, 15, 20 percent'],
      ['close my tab and leave a nice tip', '10, 15 or 20 percent'],
    ] as const) {
      expect((await guest.say(said)).reply?.text).toContain(answer);
      expect((await guest.session()).payment).toMatchObject({ charging: null, tip: 0 });
    }
    const { reply } = await guest.say('pay my bill and tip 20%');

    expect(reply?.tools?.map(({ name, status }) => `${name} ${status}`)).toEqual(['add_tip ok', 'pay_bill ok']);
    expect((await guest.session()).payment).toMatchObject({ status: 'processing', charging: 1560, tip: 260 });
  });

  it('of a percentage that is not offered is refused with the ones that are', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();
    await guest.say('a martini please');

    const { reply } = await guest.say('tip 12%');

    expect(reply?.text).toContain('10, 15, 20 percent');
    expect(reply?.tools).toEqual([{ name: 'add_tip', status: 'error', summary: expect.any(String) as string }]);
    expect((await guest.session()).payment.tip).toBe(0);
  });

  it.each([
    [3100, 15, 465],
    [1, 10, 0],
    [5, 10, 1],
    [10, 15, 2],
    [3, 15, 0],
    [1333, 15, 200],
    [0, 20, 0],
  ])('of a tab of %i cents at %i percent is %i cents, rounded half up', (tab, percentage, expected) => {
    expect(tipOf(tab, percentage)).toBe(expected);
  });
});
