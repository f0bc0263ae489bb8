import { describe, expect, it } from 'vitest';
import { loadMenu, parseMenu } from '../../server/menu/index.ts';
import { DEFAULT_CONFIG, needsAsking, parseOrder, type OrderedItem, type OrderReading } from '../../server/understanding/index.ts';
import { ORDER_UTTERANCES } from './order-utterances.ts';

const menu = loadMenu();

describe.each(Object.entries(ORDER_UTTERANCES))('%s', (_, utterances) => {
  it.each(utterances)('"%s" is read as "%s"', (said, read) => {
    expect(inShort(parseOrder(said, menu))).toBe(read);
  });
});

describe('typing errors', () => {
  const twoAlike = parseMenu(
    {
      bar: { name: 'Test', spokenAs: 'Test' },
      currency: 'USD',
      items: ['Negroni', 'Negrini'].map((name) => ({ name, kind: 'cocktail', priceCents: 1000 })),
      otherwiseRecommend: [{ item: 'Negroni' }],
    },
    'two alike',
  );

  it('are never decided between two items that are equally near', () => {
    expect(parseOrder('a negrani', twoAlike)).toMatchObject({
      items: [],
      ambiguousNames: [{ text: 'negrani', candidates: ['Negroni', 'Negrini'] }],
    });
  });

  it('go to the nearer item, and to none when the name is exact', () => {
    expect(parseOrder('a negronni', twoAlike).items).toMatchObject([{ item: 'Negroni' }]);
    expect(parseOrder('a negrini', twoAlike)).toMatchObject({ items: [{ item: 'Negrini' }], corrections: [] });
  });

  it('are reported with what was read', () => {
    expect(parseOrder('a daquiri and a vodka', menu).corrections).toEqual([{ said: 'daquiri', read: 'daiquiri' }]);
  });
});

describe('the reading', () => {
  it('keeps quantity and modifiers of a name that is asked back', () => {
    expect(parseOrder('two beers with a chaser', menu).ambiguousNames).toEqual([
      { text: 'beers', quantity: 2, modifiers: ['with a chaser'], candidates: ['Tap Beer', 'Classic Brew', 'IPA'] },
    ]);
  });

  it('says whether anything has to be asked back', () => {
    expect(['a martini', 'hello', 'a beer', 'a mai tai', 'maybe a martini'].map((said) => needsAsking(parseOrder(said, menu)))).toEqual([
      false,
      false,
      true,
      true,
      true,
    ]);
  });

  it('is a plain object that survives JSON', () => {
    const reading = parseOrder('a martini, 0 beers, a mai tai, no whiskey, an espresso martini', menu);
    expect(JSON.parse(JSON.stringify(reading))).toEqual(reading);
  });

  it('takes the highest quantity from the configuration', () => {
    const config = { ...DEFAULT_CONFIG, maxQuantity: 5 };
    expect(parseOrder('six martinis', menu, { config })).toMatchObject({ items: [], invalidQuantities: [{ problem: 'too_large' }] });
    expect(parseOrder('five martinis', menu, { config }).items).toHaveLength(1);
  });
});

/** The short form of order-utterances.ts. */
function inShort(reading: OrderReading): string {
  return [
    ...reading.items.map(itemInShort),
    ...reading.invalidQuantities.map(({ text, item, problem }) => `bad ${text} ${item ?? '-'}: ${problem}`),
    ...reading.unknownNames.map((name) => `unknown ${name}`),
    ...reading.unknownModifiers.map(({ item, text }) => `modifier ${item}: ${text}`),
    ...reading.ambiguousNames.map(({ text, quantity }) => `which ${quantity} × ${text}`),
    ...reading.conflictingModifiers.map(({ item, modifiers }) => `conflict ${item}: ${modifiers.join('/')}`),
    ...(reading.conditions.length > 0 ? [`condition ${reading.conditions.join('/')}`] : []),
    ...reading.negated.map((item) => `not ${item}`),
    ...reading.mentioned.map(({ item }) => `about ${item}`),
  ].join(' | ');
}

function itemInShort({ item, quantity, modifiers }: OrderedItem): string {
  return `${quantity} ${item}${modifiers.length > 0 ? ` (${modifiers.join(', ')})` : ''}`;
}
