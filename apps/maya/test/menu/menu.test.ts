import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatMoney } from 'holdfast/money';
import { describe, expect, it } from 'vitest';
import { findItem, findModifier, loadMenu, parseMenu, recommend } from '../../server/menu/index.ts';

const menu = loadMenu();

/** A small valid menu file's content, changed by the caller to be invalid in one place. */
const smallMenu = (): Record<string, unknown> & { items: Record<string, unknown>[] } => ({
  bar: { name: 'Test', spokenAs: 'Test' },
  currency: 'USD',
  items: [
    { name: 'Beer', kind: 'beer', priceCents: 500, aliases: ['ale'] },
    { name: 'Water', kind: 'soft', priceCents: 0 },
  ],
  otherwiseRecommend: [{ item: 'Beer' }],
});

describe('the menu that comes with the bar', () => {
  it('has the drinks and prices of the house', () => {
    expect(Object.fromEntries(menu.items.map((item) => [item.name, formatMoney(item.price)]))).toEqual({
      Daiquiri: '$10.00',
      Martini: '$13.00',
      'Long Island': '$12.00',
      'Old Fashioned': '$12.00',
      Negroni: '$11.00',
      Cosmopolitan: '$12.00',
      Manhattan: '$12.00',
      'Tap Beer': '$5.00',
      'Classic Brew': '$5.00',
      IPA: '$6.00',
      Whiskey: '$8.00',
      Vodka: '$7.00',
      Rum: '$7.00',
      Gin: '$8.00',
      Tequila: '$8.00',
      Brandy: '$9.00',
      Water: '$1.00',
      'Iced Tea': '$2.00',
      Lemonade: '$2.00',
      Soda: '$3.00',
    });
  });

  it('has the modifiers of the house, with vodka as the default base liquor', () => {
    expect(menu.modifiers.map((modifier) => modifier.name)).toEqual([
      ...['Vodka', 'Tequila', 'Gin', 'Whiskey', 'Rum', 'Brandy'],
      ...['shaken', 'stirred', 'neat', 'on the rocks', 'dry', 'dirty', 'perfect', 'with a chaser'],
    ]);
    expect(menu.defaultBaseLiquor).toBe('Vodka');
  });

  it.each([
    ['sobering', ['Water', 'Iced Tea', 'Lemonade', 'Soda']],
    ['classy', ['Martini', 'Old Fashioned', 'Manhattan', 'Negroni']],
    ['fruity', ['Daiquiri', 'Cosmopolitan', 'Lemonade']],
    ['strong', ['Long Island', 'Old Fashioned', 'Negroni', 'Whiskey neat']],
    ['burning', ['Whiskey neat', 'Tequila neat', 'Rum neat']],
    ['anything else', ['Martini', 'Daiquiri', 'Old Fashioned', 'IPA']],
    [null, ['Martini', 'Daiquiri', 'Old Fashioned', 'IPA']],
  ])('recommends for %s', (preference, drinks) => {
    expect(recommend(menu, preference).drinks.map((drink) => [drink.item, ...drink.modifiers].join(' '))).toEqual(drinks);
  });

  it('knows a preference by its other words', () => {
    expect([recommend(menu, 'Sweet').preference, recommend(menu, 'non-alcoholic').preference, recommend(menu, 'sour').preference]).toEqual([
      'fruity',
      'sobering',
      null,
    ]);
  });
});

describe('lookup', () => {
  it.each([
    ['martini', 'Martini'],
    ['OLD-FASHIONED', 'Old Fashioned'],
    ['  old   fashioned ', 'Old Fashioned'],
    ['whisky', 'Whiskey'],
    ['Cosmo', 'Cosmopolitan'],
    ['long island iced tea', 'Long Island'],
    ['iced tea', 'Iced Tea'],
    ['beer', undefined],
    ['mai tai', undefined],
    ['', undefined],
  ])('finds "%s" as %s', (name, found) => {
    expect(findItem(menu, name)?.name).toBe(found);
  });

  it('finds modifiers by name and alias', () => {
    expect(['On The Rocks', 'rocks', 'whisky', 'flaming'].map((name) => findModifier(menu, name)?.name)).toEqual([
      'on the rocks',
      'on the rocks',
      'Whiskey',
      undefined,
    ]);
  });
});

describe('a menu file that does not fit', () => {
  it('accepts the small menu that the other cases spoil', () => {
    expect(parseMenu(smallMenu(), 'small').items.map((item) => item.price.amount)).toEqual([500, 0]);
  });

  it.each<[string, (file: ReturnType<typeof smallMenu>) => void, RegExp]>([
    ['a negative price', (file) => (file.items[0]!['priceCents'] = -1), /items\.0\.priceCents: /],
    ['a fractional price', (file) => (file.items[0]!['priceCents'] = 5.5), /items\.0\.priceCents: /],
    ['a price as text', (file) => (file.items[0]!['priceCents'] = '500'), /items\.0\.priceCents: /],
    ['an absurd price', (file) => (file.items[0]!['priceCents'] = 1e12), /items\.0\.priceCents: /],
    ['a name used twice in another case', (file) => (file.items[1]!['name'] = 'BEER'), /items\.1: .*"BEER" is already taken by items\.0/],
    ['an alias that is another item', (file) => (file.items[1]!['aliases'] = ['Ale']), /items\.1: .*"Ale" is already taken by items\.0/],
    [
      'a loose name that is an item',
      (file) => (file['looseNames'] = [{ names: ['beer'], mayMean: ['Beer'] }]),
      /looseNames\.0: .*items\.0/,
    ],
    ['an empty name', (file) => (file.items[0]!['name'] = ' '), /items\.0\.name: /],
    ['an unknown kind', (file) => (file.items[0]!['kind'] = 'food'), /items\.0\.kind: /],
    ['a misspelt field', (file) => (file.items[0]!['alias'] = []), /items\.0: .*alias/],
    ['no items', (file) => (file.items.length = 0), /items: /],
    ['prices in a currency that the bar keeps no tabs in', (file) => (file['currency'] = 'EUR'), /currency: must be USD/],
    [
      'a recommendation of a drink that is not there',
      (file) => (file['otherwiseRecommend'] = [{ item: 'Mojito' }]),
      /otherwiseRecommend\.0\.item: "Mojito" is no item/,
    ],
    [
      'a recommendation with a modifier that is not there',
      (file) => (file['recommendations'] = [{ preference: 'cold', drinks: [{ item: 'Beer', modifiers: ['frozen'] }] }]),
      /recommendations\.0\.drinks\.0\.modifiers\.0: "frozen" is no modifier/,
    ],
    [
      'a preference word used twice',
      (file) =>
        (file['recommendations'] = [
          { preference: 'cold', words: ['fresh'], drinks: [{ item: 'Beer' }] },
          { preference: 'fresh', drinks: [{ item: 'Water' }] },
        ]),
      /recommendations\.1: .*"fresh" is already taken/,
    ],
    ['a default base liquor that is not there', (file) => (file['defaultBaseLiquor'] = 'Absinthe'), /defaultBaseLiquor: "Absinthe"/],
  ])('is refused for %s, with the place and the reason', (_, spoil, reason) => {
    const file = smallMenu();
    spoil(file);
    expect(() => parseMenu(file, '/bar/menu.json')).toThrow(reason);
    expect(() => parseMenu(file, '/bar/menu.json')).toThrow('/bar/menu.json');
  });

  it('is refused by path when it is missing or no JSON', () => {
    const folder = mkdtempSync(join(tmpdir(), 'menu-'));
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"items": [');
    expect(() => loadMenu(broken)).toThrow(broken);
    expect(() => loadMenu(join(folder, 'missing.json'))).toThrow('missing.json');
  });

  it('is read from the path that is given', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'menu-')), 'menu.json');
    writeFileSync(path, JSON.stringify(smallMenu()));
    expect(loadMenu(path).items.map((item) => item.name)).toEqual(['Beer', 'Water']);
  });
});
