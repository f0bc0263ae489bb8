/**
 * Whatever is said,
 * 1. nothing throws, and the answer is plain data;
 * 2. what is added can be ordered: an item of the menu, a whole quantity from 1 to 20, known modifiers, each once;
 * 3. a wish that is taken back by "not", or asks for nothing, adds nothing;
 * 4. the same text is understood the same way in capitals, with curly quotes and with spaces around it.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findItem, loadMenu } from '../../server/menu/index.ts';
import { parseOrder, understand } from '../../server/understanding/index.ts';

const menu = loadMenu();
const names = menu.items.map((item) => item.name.toLowerCase());
const modifiers = menu.modifiers.map((modifier) => modifier.name);

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }));
const word = fc.constantFrom(
  ...names,
  ...modifiers,
  ...[
    'a',
    'two',
    '3',
    '-1',
    '1e9',
    'half',
    'x2',
    'dozen',
    'and',
    'or',
    'but',
    ',',
    '.',
    '?',
    'not',
    'no',
    "don't",
    'want',
    "i'd like",
    'please',
    'with',
    'without',
    'for',
    'me',
    'if',
  ],
  ...[
    'beer',
    'beers',
    'mai tai',
    'the',
    'bill',
    'my',
    'tab',
    'tip',
    '20%',
    'how much',
    'is',
    'something',
    'fruity',
    'make it',
    'martinni',
    'it',
    'yes',
    "here's your",
    // Names that every object has.
    ...['constructor', '__proto__', 'toString', 'valueOf', 'hasOwnProperty'],
  ],
);
const barTalk = fc.array(word, { maxLength: 25 }).map((words) => words.join(' '));
const name = fc.constantFrom(...names);
const quantity = fc.constantFrom('a', 'two', '5', 'a dozen');

const opening = fc.constantFrom("i'd like", 'can i get', "i'll have", 'give me', '');
const refusal = fc.constantFrom(
  "i don't want",
  'please no',
  'not',
  "don't give me",
  'i will not have',
  'how much is',
  'tell me about',
  'i had',
  "why don't i like",
);

it('anything can be said, and what is added can be ordered', () => {
  const lastOffer = { items: [{ item: 'Martini', quantity: 1, modifiers: [] }], alternatives: false };
  const said = fc.oneof(anyText, barTalk);
  const holds = fc.property(said, (text) => {
    const understanding = understand(text, { menu, lastOffer, recentDrinks: ['martini'] });
    expect(JSON.parse(JSON.stringify(understanding))).toEqual(understanding);
    const added = understanding.decision.kind === 'add' ? understanding.decision.items : [];
    for (const item of [...understanding.order.items, ...added]) {
      expect(findItem(menu, item.item)?.name).toBe(item.item);
      expect(Number.isInteger(item.quantity) && item.quantity >= 1 && item.quantity <= 20).toBe(true);
      expect(item.modifiers.every((modifier) => modifiers.includes(modifier))).toBe(true);
      expect(new Set(item.modifiers).size).toBe(item.modifiers.length);
    }
  });
  fc.assert(holds, { numRuns: 500 });
});

it('what is not wished for is not added', () => {
  fc.assert(
    fc.property(refusal, quantity, name, (words, count, drink) => {
      expect(parseOrder(`${words} ${count} ${drink}`, menu).items).toEqual([]);
    }),
  );
});

it('a plain wish is read, in any typography', () => {
  const holds = fc.property(opening, quantity, name, (words, count, drink) => {
    const said = `${words} ${count} ${drink}`;
    const plain = parseOrder(said, menu);
    expect(plain.items).toHaveLength(1);
    for (const variant of [said.toUpperCase(), `  ${said}\n`, said.replaceAll("'", '’'), said.replaceAll(' ', '   '), `"${said}"`]) {
      expect(parseOrder(variant, menu)).toEqual(plain);
    }
  });
  fc.assert(holds);
});
