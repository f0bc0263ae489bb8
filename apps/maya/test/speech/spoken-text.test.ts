import { describe, expect, it } from 'vitest';
import { numberInWords } from '../../server/speech/number-in-words.ts';
import { toSpokenText } from '../../server/speech/spoken-text.ts';

const names = [{ name: 'MOK 5-ha', spokenAs: 'Moksha' }];

describe('what is said of what is written', () => {
  it.each([
    // Money.
    ['That is $12.50.', 'That is twelve dollars and fifty cents.'],
    ['A water is $1.', 'A water is one dollar.'],
    ['A water is $1.00, please!', 'A water is one dollar, please!'],
    ['You have $969.00 left.', 'You have nine hundred sixty-nine dollars left.'],
    ['You have $1,000.00 left.', 'You have one thousand dollars left.'],
    ['$1,234.05', 'one thousand two hundred thirty-four dollars and five cents'],
    ['$1234567.01', 'one million two hundred thirty-four thousand five hundred sixty-seven dollars and one cent'],
    ['$0.99?', 'ninety-nine cents?'],
    ['$0.00', 'zero dollars'],
    ['$1.01', 'one dollar and one cent'],
    ['$12.5', 'twelve dollars and fifty cents'],
    ['between $5-$10', 'between five dollars to ten dollars'],
    ['-$5', 'minus five dollars'],
    ['Was $5, now $4.', 'Was five dollars, now four dollars.'],
    ['$10,000,000', 'ten million dollars'],
    ['Version 1.5 costs nothing', 'Version 1.5 costs nothing'],
    // The bar's name.
    ['Welcome to MOK 5-ha!', 'Welcome to Moksha!'],
    ["That's mok 5‑ha's way.", "That's Moksha's way."],
    ['MOK5ha', 'Moksha'],
    ['smok 5-hands', 'smok 5-hands'],
    // Markup.
    ['**Coming** _right_ up: `one` ~~beer~~.', 'Coming right up, one beer.'],
    ['# Menu', 'Menu'],
    ['- Daiquiri\n- Martini', 'Daiquiri. Martini'],
    ['> well said', 'well said'],
    ['See [our menu](https://bar.example/menu).', 'See our menu.'],
    ['See https://bar.example/menu?a=1.', 'See.'],
    ['<b>Cheers</b><br/>!', 'Cheers!'],
    ['```js\nmix();\n```', ''],
    ['*polishes a glass* Hello 🍸🙂', 'polishes a glass Hello'],
    // Marks that are kept, and those that are not.
    ['Well, well. Really? Yes!', 'Well, well. Really? Yes!'],
    ['Wait… what?!', 'Wait. what?!'],
    ['No... yes!!', 'No. yes!'],
    ['A drink — or two; “both”?', 'A drink, or two, both?'],
    ['2 × Martini (dry) & 1 × Tap Beer', '2 Martini dry and 1 Tap Beer'],
    ['Coming right up: 2 × Martini (dry) and 1 × Tap Beer.', 'Coming right up, 2 Martini dry and 1 Tap Beer.'],
    ['15 percent, 20% more at 8:30', '15 percent, 20 percent more at 8:30'],
    ['I don’t know, an old-fashioned one', "I don't know, an old-fashioned one"],
    ["'quoted' and -dashed-", 'quoted and dashed'],
    ['Ein Gläschen für Zoë', 'Ein Gläschen für Zoë'],
    // Nothing to say.
    ['', ''],
    ['🍸', ''],
    ['...', ''],
    [' \n', ''],
  ])('%j is said as %j', (written, said) => {
    expect(toSpokenText(written, names)).toBe(said);
  });

  it('stays the same when it is cleaned again', () => {
    const said = toSpokenText('**MOK 5-ha** takes $1,234.05 — or 20%.', names);
    expect(toSpokenText(said, names)).toBe(said);
  });

  it('takes no long time over a long text of signs', () => {
    const startedAt = performance.now();
    toSpokenText('[<$*- '.repeat(2_000), names);
    toSpokenText('['.repeat(10_000) + '<a'.repeat(5_000) + '$1'.repeat(5_000), names);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe('a number in words', () => {
  it.each([
    [0, 'zero'],
    [13, 'thirteen'],
    [40, 'forty'],
    [100, 'one hundred'],
    [1_001, 'one thousand one'],
    [90_000, 'ninety thousand'],
    [
      999_999_999_999,
      'nine hundred ninety-nine billion nine hundred ninety-nine million nine hundred ninety-nine thousand nine hundred ninety-nine',
    ],
  ])('%d is %j', (number, words) => {
    expect(numberInWords(number)).toBe(words);
  });
});
