import { describe, expect, it } from 'vitest';
import { loadMenu } from '../../server/menu/index.ts';
import { readOffer, understand, type Offer, type OrderDecision, type UnderstandingContext } from '../../server/understanding/index.ts';

const menu = loadMenu();
const decide = (text: string, context: Partial<UnderstandingContext> = {}): OrderDecision =>
  understand(text, { menu, ...context }).decision;
const martini = { item: 'Martini', quantity: 1, modifiers: ['dry'] };
const beer = { item: 'Tap Beer', quantity: 1, modifiers: [] };
const offer = (...items: Offer['items']): Offer => ({ items, alternatives: false });

describe('what a turn does about orders', () => {
  it('adds what was named, without a model', () => {
    expect(decide('two dry martinis and a tap beer')).toEqual({
      kind: 'add',
      source: 'named',
      ask: false,
      items: [
        { item: 'Martini', quantity: 2, modifiers: ['dry'] },
        { item: 'Tap Beer', quantity: 1, modifiers: [] },
      ],
    });
  });

  it('asks back an order that the same message cancels', () => {
    expect(decide('two martinis. Actually, cancel my order.')).toEqual({ kind: 'ask' });
  });

  it('adds what is clear and asks for the rest', () => {
    expect(decide('a martini and a mai tai')).toMatchObject({ kind: 'add', items: [{ item: 'Martini' }], ask: true });
  });

  it.each([
    'a mai tai',
    'a beer',
    '0 martinis',
    'an espresso martini',
    'a martini if it is free',
    "I'll have two",
    "I'd like to order please, a beverage",
  ])('asks back "%s" and adds nothing', (said) => {
    expect(decide(said)).toEqual({ kind: 'ask' });
  });

  it.each([
    'how much is a martini?',
    'I love martinis',
    'no whiskey',
    'how are you',
    'pay my bill',
    'something fruity',
    '',
    'can you tell me about the martini please',
  ])('does nothing about "%s"', (said) => {
    expect(decide(said)).toEqual({ kind: 'none' });
  });
});

describe('a confirmed order', () => {
  const recentDrinks = ['whiskey', 'martini'];

  it('means the menu items that are named in it', () => {
    expect(decide("Certainly, I'll get you a manhattan", { recentDrinks })).toMatchObject({
      kind: 'add',
      source: 'named',
      items: [{ item: 'Manhattan' }],
    });
    expect(decide('Here is your whiskey', { recentDrinks })).toMatchObject({ kind: 'add', items: [{ item: 'Whiskey' }] });
    expect(decide('One whiskey coming right up', { recentDrinks })).toMatchObject({ kind: 'add', items: [{ item: 'Whiskey' }] });
  });

  it('else means what was offered', () => {
    expect(decide("Sure, I'll get that drink", { recentDrinks, lastOffer: offer(martini) })).toEqual({
      kind: 'add',
      source: 'offered',
      ask: false,
      items: [martini],
    });
    expect(decide('coming right up', { recentDrinks, lastOffer: offer(martini, beer) })).toMatchObject({
      kind: 'add',
      items: [martini, beer],
    });
  });

  it('leaves out what is on the counter already', () => {
    expect(decide('coming right up', { recentDrinks, lastOffer: offer(martini, beer), onCounter: ['Martini'] })).toMatchObject({
      items: [beer],
    });
    expect(decide('coming right up', { recentDrinks, lastOffer: offer(martini), onCounter: ['Martini'] })).toEqual({ kind: 'ask' });
  });

  it('is asked back when nothing was named or offered', () => {
    expect(decide("Sure, I'll get that drink", { recentDrinks })).toEqual({ kind: 'ask' });
  });

  it.each([
    'that was the best drink',
    'that was the best manhattan',
    "I'm sure the whiskey will get better",
    'this is the drink I hate',
    'that was the best whiskey and the best martini',
  ])('is not "%s": nothing is added', (said) => {
    expect(decide(said, { recentDrinks, lastOffer: offer(martini) }).kind).not.toBe('add');
    expect(decide(said).kind).not.toBe('add');
  });
});

describe('an answer to an offer', () => {
  it.each(['yes please', 'Yes!', 'sure', "I'll take it", 'yeah, go ahead', 'why not', "I'll have one", 'sounds good, thanks'])(
    '"%s" takes it',
    (said) => {
      expect(decide(said, { lastOffer: offer(martini) })).toMatchObject({ kind: 'add', source: 'offered', items: [martini] });
    },
  );

  it.each([
    'no',
    'no thanks',
    'not now',
    'ok',
    'thanks',
    'yes, but what is in it?',
    'yes if it is free',
    'what do you mean',
    'sure, show me the menu',
    'maybe',
    'yesterday',
    '',
  ])('"%s" does not', (said) => {
    expect(decide(said, { lastOffer: offer(martini) }).kind).not.toBe('add');
  });

  it('says nothing when the offer was a choice', () => {
    expect(decide('yes please', { lastOffer: { items: [martini, beer], alternatives: true } }).kind).not.toBe('add');
  });

  it('may name what it takes', () => {
    expect(decide('the beer on tap please', { lastOffer: { items: [martini, beer], alternatives: true } })).toMatchObject({
      kind: 'add',
      source: 'named',
      items: [beer],
    });
  });
});

describe('offers', () => {
  it.each<[string, Offer | null]>([
    ['Would you like a dry martini?', offer(martini)],
    ['Shall I get you a dry martini and a tap beer?', offer(martini, beer)],
    ['Would you like a dry martini or a tap beer?', { items: [martini, beer], alternatives: true }],
    ['I recommend a dry martini or a tap beer.', { items: [martini, beer], alternatives: true }],
    ['The martini is 13 dollars. Anything else?', null],
    ['Hello, how are you?', null],
  ])('"%s"', (message, read) => {
    expect(readOffer(message, menu)).toEqual(read);
  });
});

describe('everything at once', () => {
  it('tells order, bill and tip of one message apart', () => {
    const all = understand('A whiskey neat, add a 20% tip and the bill please', { menu });
    expect(all).toMatchObject({
      decision: { kind: 'add', items: [{ item: 'Whiskey', quantity: 1, modifiers: ['neat'] }] },
      inquiry: { kind: 'get_bill' },
      wishes: [{ kind: 'set_tip', percentage: 20 }],
      isCasual: false,
    });
  });

  it('finds the drinks named lately in the last messages', () => {
    expect(understand('coming right up', { menu, recentMessages: ['a martini?', 'hm'] }).speechAct.confirmed).toBe(true);
  });

  it('knows casual talk and silence', () => {
    expect(understand('how was your day?', { menu })).toMatchObject({ isCasual: true, isEmpty: false });
    expect(understand(' \n ', { menu })).toMatchObject({ isCasual: false, isEmpty: true, decision: { kind: 'none' } });
    expect(understand("what's my tab", { menu }).isCasual).toBe(false);
  });
});

describe('long and hostile texts', () => {
  it.each([
    ['a million letters', 'a'.repeat(1_000_000)],
    ['a million spaces', ' '.repeat(1_000_000)],
    ['many orders', 'a martini and '.repeat(80_000)],
    ['many typing errors', 'a martinni, '.repeat(80_000)],
    ['many digits', '1,'.repeat(500_000)],
    ['many apostrophes', "a'".repeat(500_000)],
    ['many dots', 'a.'.repeat(500_000)],
    ['growing characters', '\uFDFA'.repeat(500_000)],
    ['many tips', 'tip tip of tip 5 '.repeat(60_000)],
    ['many beginnings', 'how much is how much i would like '.repeat(30_000)],
    ['lone surrogates', '\uD800'.repeat(500_000)],
  ])('%s are understood in under 50 ms', (_, text) => {
    // Processor time of this thread, and the best of some runs: what the code costs, not what else the machine was doing.
    const costsMs = Array.from({ length: 10 }, () => {
      const before = process.threadCpuUsage();
      expect(understand(text, { menu }).isTruncated).toBe(true);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    });
    expect(Math.min(...costsMs)).toBeLessThan(50);
  });

  it('take no order from a text whose end was not read', () => {
    expect(decide(`a martini, ${'please '.repeat(500)} no wait, nothing`)).toEqual({ kind: 'ask' });
  });
});
