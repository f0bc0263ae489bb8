import { describe, expect, it } from 'vitest';
import { OpenBar, STORES } from '../support/open-bar.ts';

describe.each(STORES)('ordering on %s', (store) => {
  it('understands, prices and charges "two dry martinis and a tap beer, please"', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = bar.visitor();

    const { reply } = await guest.say('two dry martinis and a tap beer, please');

    const { order, payment, phase } = await guest.session();
    expect(order).toEqual({
      items: [
        { name: 'Martini', quantity: 2, modifiers: ['dry'], unitPrice: 1300, lineTotal: 2600 },
        { name: 'Tap Beer', quantity: 1, modifiers: [], unitPrice: 500, lineTotal: 500 },
      ],
      isFinished: false,
    });
    expect(payment).toMatchObject({
      currency: 'USD',
      balance: 96_900,
      tab: 3100,
      tip: 0,
      total: 3100,
      status: 'pending',
      isSimulated: true,
    });
    expect(phase).toBe('order_taking');
    expect(reply?.text).toBe('Coming right up: 2 × Martini (dry) and 1 × Tap Beer. Your tab is $31.00, and you have $969.00 left.');
    expect(reply?.emotion).toBe('mixing');
    expect(reply?.tools).toEqual([
      { name: 'add_to_order', status: 'ok', summary: '2 × Martini (dry): $26.00' },
      { name: 'add_to_order', status: 'ok', summary: '1 × Tap Beer: $5.00' },
    ]);
  });

  it('streams the reply in pieces that add up to the stored one, without the emotion tag', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = bar.visitor();

    const { events, reply } = await guest.say('hello there');

    expect(events[0]?.name).toBe('session');
    expect(events.at(-1)?.name).toBe('complete');
    const deltas = events.filter(({ name }) => name === 'text').map(({ data }) => (data as { delta: string }).delta);
    expect(deltas.length).toBeGreaterThan(1);
    expect(deltas.join('')).toBe(reply?.text);
    expect(reply?.text).not.toContain('[');
    expect((await guest.session()).messages.map(({ text }) => text)).toEqual(['hello there', reply?.text]);
  });

  it('tells what is in the order and what the bill is', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = bar.visitor();
    await guest.say('two dry martinis and a tap beer, please');

    expect((await guest.say("what's in my order?")).reply?.text).toContain(
      '2 × Martini (dry) $26.00 and 1 × Tap Beer $5.00. That is $31.00.',
    );
    expect((await guest.say('what do I owe?')).reply?.text).toContain('Tab $31.00, tip $0.00, so $31.00 in all.');
    expect((await guest.session()).payment.tab).toBe(3100);
  });

  it('sends the order, which empties the counter and leaves the tab', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = bar.visitor();
    await guest.say('a negroni and two old fashioneds please');

    const { reply } = await guest.say("that's all, thanks");

    expect(reply?.text).toMatch(/1 × Negroni and 2 × Old Fashioned will be ready in about [2-8] minutes/);
    const { order, payment } = await guest.session();
    expect(order).toEqual({ items: [], isFinished: true });
    expect(payment).toMatchObject({ tab: 3500, balance: 96_500 });
  });

  it('gives the money back for an order that is cancelled before it is sent, and for nothing else', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = bar.visitor();
    await guest.say('a whiskey please');
    await guest.say('place my order');
    await guest.say('three IPAs please');
    expect((await guest.session()).payment).toMatchObject({ tab: 2600, balance: 97_400 });

    await guest.say('cancel my order');

    const { order, payment } = await guest.session();
    expect(order.items).toEqual([]);
    expect(payment).toMatchObject({ tab: 800, balance: 99_200 });
    expect((await guest.say('cancel my order')).reply?.text).toContain('nothing that I could still take off');
    expect((await guest.session()).payment).toMatchObject({ tab: 800, balance: 99_200 });
  });

  it('lets the balance go down to exactly 0 and no further', async () => {
    await using bar = await OpenBar.open({ store });
    const guest = bar.visitor();
    for (let round = 0; round < 5; round++) await guest.say('20 daiquiris please');
    expect((await guest.session()).payment).toMatchObject({ balance: 0, tab: 100_000 });

    const { reply } = await guest.say('a glass of water please');

    expect(reply?.tools).toEqual([
      { name: 'add_to_order', status: 'error', summary: expect.stringContaining('your balance is $0.00') as string },
    ]);
    expect((await guest.session()).payment).toMatchObject({ balance: 0, tab: 100_000 });
  });
});

describe('what the house model does by itself', () => {
  it('recommends, reads the menu and tells the balance through the tools', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();

    const menu = await guest.say('show me the menu');
    const advice = await guest.say('can you recommend something fruity?');
    const balance = await guest.say('how much money do I have?');

    expect(menu.reply?.text).toContain('Martini $13.00');
    expect(advice.reply?.text).toBe('I would recommend Daiquiri, Cosmopolitan or Lemonade.');
    expect(balance.reply?.text).toBe('You have $1,000.00 left, with $0.00 on your tab.');
    expect([menu, advice, balance].map(({ reply }) => reply?.tools?.map(({ name }) => name))).toEqual([
      ['get_menu'],
      ['get_recommendation'],
      ['get_balance'],
    ]);
    expect((await guest.session()).payment.tab).toBe(0);
  });

  it('orders and tips in one message', async () => {
    await using bar = await OpenBar.open();
    const guest = bar.visitor();

    await guest.say('two martinis and a 20% tip please');

    expect((await guest.session()).payment).toMatchObject({ tab: 2600, tipPercentage: 20, tip: 520, total: 3120 });
  });
});
