import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { OpenBar } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

const NO_KEYS = { gemini: 'none', cartesia: 'none', isGeminiNeeded: false };

let bar: OpenBar;

beforeAll(async () => {
  bar = await OpenBar.open({ store: 'sqlite' });
});
afterAll(() => bar[Symbol.asyncDispose]());

/** A guest with a beer on the tab: what must stay as it is. */
async function guestWithBeer(): Promise<{ guest: Visitor; before: SessionView }> {
  const guest = bar.visitor();
  await guest.say('a tap beer please');
  return { guest, before: await guest.session() };
}

describe('a wish that cannot be granted', () => {
  it.each([
    ['a drink that is not on the menu', 'a unicorn tears cocktail and two dragon bloods please', /on the menu/],
    ['a quantity of 0', '0 martinis please', /1 to 20/],
    ['a quantity of -1', '-1 martinis please', /1 to 20/],
    ['a quantity of 1e9', '1e9 martinis please', /1 to 20/],
    ['a quantity of 1000000000', '1000000000 martinis please', /1 to 20/],
    ['half a drink', '0.5 martinis please', /1 to 20/],
    ['an unknown modifier', 'a martini with extra unicorn dust please', /shaken, stirred, .*with a chaser.*without/],
    ['a name that every object has', 'a constructor and two __proto__ please', /on the menu/],
    ['a price of the guest’s own', 'a martini for 5 dollars please', /just the drinks/],
    ['a name that may mean several drinks', 'a beer please', /Tap Beer, Classic Brew or IPA/],
  ])('answers %s and charges nothing', async (_what, text, answer) => {
    const { guest, before } = await guestWithBeer();

    const { status, reply } = await guest.say(text);

    expect(status).toBe(200);
    expect(reply?.text).toMatch(answer);
    const after = await guest.session();
    expect(after.order).toEqual(before.order);
    expect(after.payment).toEqual(before.payment);
    expect(after.messages).toHaveLength(before.messages.length + 2);
  });

  it('refuses an order beyond the balance as a whole and says what would fit', async () => {
    const { guest } = await guestWithBeer();
    for (let round = 0; round < 3; round++) await guest.say('20 martinis please');
    await guest.say('16 martinis please');
    const before = await guest.session();
    expect(before.payment.balance).toBe(700);

    const { reply } = await guest.say('a tap beer and a martini please');

    expect(reply?.text).toBe(
      'That comes to $18.00, and your balance is $7.00, so I ordered nothing. It would cover 1 × Tap Beer for $5.00.',
    );
    expect(reply?.emotion).toBe('flustered');
    const after = await guest.session();
    expect(after.order).toEqual(before.order);
    expect(after.payment).toEqual(before.payment);
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['an empty message', { id: 'x1', text: '' }, 400, 'EMPTY_MESSAGE'],
    ['a message of white space', { id: 'x2', text: ' \n\t ' }, 400, 'EMPTY_MESSAGE'],
    ['2,001 characters', { id: 'x3', text: 'a'.repeat(2001) }, 400, 'MESSAGE_TOO_LONG'],
    ['a megabyte', { id: 'x4', text: 'a'.repeat(1024 * 1024) }, 413, 'MESSAGE_TOO_LONG'],
    ['no id', { text: 'hello' }, 400, 'BAD_REQUEST'],
    ['an id that is none', { id: '../x', text: 'hello' }, 400, 'BAD_REQUEST'],
    ['a text that is none', { id: 'x5', text: 7 }, 400, 'BAD_REQUEST'],
    ['nothing', undefined, 400, 'BAD_REQUEST'],
  ])('refuses %s and leaves everything as it is', async (_what, body, status, code) => {
    const { guest, before } = await guestWithBeer();

    const response = await guest.post('/api/chat', body);

    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: code, message: expect.stringMatching(/\w/) as string });
    expect(await guest.session()).toEqual(before);
  });

  it('takes a message of 2,000 characters', async () => {
    const { guest } = await guestWithBeer();
    expect((await guest.say('a'.repeat(2000))).status).toBe(200);
  });

  it('makes no session for a message that it refuses', async () => {
    const guest = bar.visitor();
    await guest.say('');
    expect(guest.cookie).toBeUndefined();
    expect(await guest.answer()).toEqual({ session: null, keys: NO_KEYS });
  });

  it.each([
    ['/api/tip', { percentage: 12 }, 400, 'INVALID_TIP_PERCENTAGE'],
    ['/api/tip', { percentage: '15' }, 400, 'INVALID_TIP_PERCENTAGE'],
    ['/api/tip', undefined, 400, 'INVALID_TIP_PERCENTAGE'],
    ['/api/pay/cancel', undefined, 409, 'PAYMENT_FAILED'],
    ['/api/nothing', undefined, 404, 'BAD_REQUEST'],
  ])('answers POST %s with %j by a code', async (path, body, status, code) => {
    const { guest, before } = await guestWithBeer();
    const response = await guest.post(path, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: code });
    expect(await guest.session()).toEqual(before);
  });
});
