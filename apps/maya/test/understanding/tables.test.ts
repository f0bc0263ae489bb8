import { describe, expect, it } from 'vitest';
import { loadMenu } from '../../server/menu/index.ts';
import { contextDrinks, detectInquiry, detectSpeechAct, isCasual, type Act, type InquiryKind } from '../../server/understanding/index.ts';

/** Every phrase that counts as an act or an inquiry, written out once more and apart from the configuration, and every word that is looked for beside it. */

const menu = loadMenu();

const WISHED = 'whiskey, beer, cocktail, drink, beverage, old fashioned, manhattan, martini, rocks, neat'.split(', ');
const SERVED = 'drink, order, whiskey, cocktail, beverage, manhattan'.split(', ');
const CONTEXT =
  'whiskey, beer, cocktail, wine, vodka, gin, rum, tequila, old fashioned, manhattan, martini, negroni, mojito, rocks, neat'.split(', ');

/** Each phrase with "…" for the order word. */
const ACTS: readonly (readonly [act: Act, phrases: readonly string[], orderWords: readonly string[]])[] = [
  [
    'commissive',
    [
      ...['i can', 'i will', "i'll", 'i shall', 'certainly', 'of course', 'absolutely', 'sure'].flatMap((start) =>
        ['get', 'make', 'prepare', 'serve'].map((verb) => `${start}, ${verb} you that …`),
      ),
      ...['…, coming right up', 'one … coming up'],
    ],
    WISHED,
  ],
  [
    'assertive',
    [
      ...['here is', "here's", 'here’s', 'this is', 'that was'].flatMap((start) => [`${start} your …`, `${start} the …`]),
      ...['your … is ready', 'one … for you', 'this is your …'],
    ],
    SERVED,
  ],
  [
    'directive',
    ['…, please', 'can you bring …', 'would you bring …', 'i want …', 'i need …', "i'd like …", 'i’d like …', 'may i have …'],
    [...WISHED, ...SERVED, ...menu.items.map(({ name }) => name)],
  ],
];

const INQUIRIES: Readonly<Record<InquiryKind, readonly string[]>> = {
  show_order: [
    ...['show my order', 'view my order', 'see my order', 'what did I order', 'what have I ordered'],
    ...["what's in my order", 'my current order', 'order so far'],
  ],
  get_bill: [
    ...['check please', 'what do I owe', 'how much', 'how much is my bill', 'how much do I owe', "what's the damage"],
    ...['my total', 'the total', "what's the total", 'my tab', 'the tab', "what's my tab", 'my bill', 'the bill'],
  ],
  pay_bill: [
    ...['pay my bill', 'pay the bill', 'pay my tab', 'pay the tab', "I'll pay now", 'pay now', 'settle my bill'],
    ...['settle the bill', 'settle up', 'cash out', 'close my tab', 'close the tab'],
  ],
};

describe.each(ACTS)('a %s', (act, phrases, orderWords) => {
  it.each(phrases)('is "%s" with any of its order words', (phrase) => {
    for (const word of orderWords)
      expect(detectSpeechAct(phrase.replace('…', word).toUpperCase(), { menu }), word).toMatchObject({
        act,
        intent: act === 'directive' ? 'order_request' : 'order_confirmation',
      });
  });

  it.each(phrases)('is not "%s" about anything else', (phrase) => {
    expect(detectSpeechAct(phrase.replace('…', 'umbrella'), { menu })).toMatchObject({ intent: 'none', confidence: 0 });
  });
});

describe.each(Object.entries(INQUIRIES))('%s', (kind, phrases) => {
  it.each(phrases)('is asked for by "%s", in any typography, and not by its letters in other words', (phrase) => {
    for (const said of [phrase, `${phrase.toUpperCase()}!`, `hey, ${phrase.replaceAll("'", '’')}?`])
      expect(detectInquiry(said), said).toMatchObject({ kind, confidence: 1 });
    expect(detectInquiry(`un${phrase.replaceAll(' ', 'y un')}y`)).toBeNull();
  });
});

it.each(CONTEXT)('"%s" is remembered from the last three messages, and from no earlier one', (drink) => {
  expect(contextDrinks([`Perhaps a ${drink}?`, 'hm', 'well'])).toEqual([drink]);
  expect(contextDrinks([`Perhaps a ${drink}?`, 'hm', 'well', 'so'])).toEqual([]);
});

it.each([...'order, menu, drink, beer, cocktail, price, cost, bill, payment, tip'.split(', '), ...menu.items.map(({ name }) => name)])(
  '"%s" is not casual as a word, and is inside of another',
  (word) => {
    expect(isCasual(`so much for that ${word} of yours`, menu)).toBe(false);
    expect(isCasual(`so much for that un${word}like thing of yours`, menu)).toBe(true);
  },
);
