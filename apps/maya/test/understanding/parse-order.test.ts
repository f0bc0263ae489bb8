import { describe, expect, it } from 'vitest';
import { loadMenu, parseMenu } from '../../server/menu/index.ts';
import { needsAsking, parseOrder, type OrderedItem, type OrderReading } from '../../server/understanding/index.ts';
import { ORDER_UTTERANCES } from './order-utterances.ts';

const menu = loadMenu();

describe.each(Object.entries(ORDER_UTTERANCES))('%s', (_, utterances) => {
  it.each(utterances)('"%s" is read as "%s"', (said, read) => {
    expect(inShort(parseOrder(said, menu))).toBe(read);
  });
});

/** The short form of order-utterances.ts. */
function inShort(reading: OrderReading): string {
  const drink = ({ item, quantity, modifiers }: OrderedItem): string => `${quantity} ${item}${modifiers.length > 0 ? ` (${modifiers.join(', ')})` : ''}`;
  return [
    ...reading.items.map(drink),
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
