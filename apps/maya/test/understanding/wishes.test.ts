import { describe, expect, it } from 'vitest';
import { loadMenu } from '../../server/menu/index.ts';
import { detectWishes } from '../../server/understanding/index.ts';

const menu = loadMenu();

describe('tips', () => {
  it.each([
    ['tip 15%', 15],
    ['add a 20 percent tip', 20],
    ['tip ten percent please', 10],
    ["I'd like to leave a 20% tip", 20],
    ['set the tip to 10%', 10],
    ['a fifteen per cent tip', 15],
    ['two martinis with a 20% tip', 20],
    ['add 15% gratuity', 15],
    ['tip 12%', 12],
    ['a 0% tip', 0],
    ['make the tip 20%', 20],
    ['15%', 15],
    ['20 percent please!', 20],
  ])('"%s" sets %s percent', (said, percentage) => {
    expect(detectWishes(said, menu)).toEqual([{ kind: 'set_tip', percentage }]);
  });

  it.each([
    'no tip',
    'no tip please',
    'remove the tip',
    'take off the tip',
    "don't add a tip",
    'without a tip',
    'cancel my tip',
    "I don't want to tip",
  ])('"%s" takes the tip away', (said) => {
    expect(detectWishes(said, menu)).toEqual([{ kind: 'set_tip', percentage: null }]);
  });

  it.each([
    ['tip five dollars', 500],
    ['tip $5', 500],
    ['tip you $2.50', 250],
    ['add a 5 dollar tip', 500],
    ['leave a ten dollar tip', 1000],
    ['tip 50 cents', 50],
    ['tip two dollars and 50 cents', 250],
    ['tip 3.5 dollars', 350],
    ['leave a tip of 4 bucks', 400],
  ])('"%s" adds %s cents', (said, amountCents) => {
    expect(detectWishes(said, menu)).toEqual([{ kind: 'add_tip', amountCents }]);
  });

  it.each([
    'tip 20',
    'leave a tip',
    'tip',
    'tip $1.999',
    'tip 12.5%',
    'tip -5%',
    'tip -$5',
    'tip $.50',
    'tip 1e9 dollars',
    'I would like to tip you',
  ])('"%s" is a tip to be asked back', (said) => {
    expect(detectWishes(said, menu).map((wish) => wish.kind)).toEqual(['unclear_tip']);
  });

  it.each(["what's my tip", 'how much is the tip?'])('"%s" asks for the tip', (said) => {
    expect(detectWishes(said, menu)).toEqual([{ kind: 'show_tip' }]);
  });

  it.each([
    'the tip of my tongue',
    'any tips for a good life?',
    'multiple',
    'I tipped over',
    '100 percent',
    'that is just the tip of the iceberg',
  ])('"%s" is no tip', (said) => {
    expect(detectWishes(said, menu)).toEqual([]);
  });
});

describe('plain wishes', () => {
  it.each([
    ...[
      'what do you have?',
      'show me the menu',
      'can I see the menu please',
      'menu',
      'menu please',
      "what's on tap",
      'what cocktails do you have',
      'What have you got?',
    ].map((said) => [said, 'show_menu']),
    ...[
      'how much money do I have',
      "what's my balance?",
      'show me my balance',
      'how much do I have left',
      'balance please',
      'how much do I have?',
    ].map((said) => [said, 'show_balance']),
    ...[
      "that's all",
      "that's all, thanks",
      'That will be all',
      'place the order',
      "that's it for now",
      'nothing else',
      'that’s everything',
    ].map((said) => [said, 'place_order']),
    ...['cancel my order', 'clear my order', 'please cancel everything', 'start over', 'scrap the order'].map((said) => [
      said,
      'clear_order',
    ]),
    ...['confirm my order', 'read my order back'].map((said) => [said, 'confirm_order']),
    ...['did my payment go through?', 'have I paid?', 'check my payment'].map((said) => [said, 'check_payment']),
  ])('"%s" is %s', (said, kind) => {
    expect(detectWishes(said, menu)).toEqual([{ kind }]);
  });

  it.each([
    ...[
      '',
      "that's all I know about it",
      'nothing else matters',
      "don't cancel my order",
      'do not place the order',
      'what do you have planned for tonight',
      'a balanced diet',
    ],
    ...['I went to the bank', 'the weather', 'is that all?', 'hello'],
  ])('"%s" is none', (said) => {
    expect(detectWishes(said, menu)).toEqual([]);
  });

  it('are found side by side, in the order they were said', () => {
    expect(detectWishes("that's all. Add a 20% tip and show me my balance", menu).map((wish) => wish.kind)).toEqual([
      'place_order',
      'set_tip',
      'show_balance',
    ]);
  });
});

describe('recommendations', () => {
  it.each([
    ['what do you recommend?', null, null],
    ['any recommendations?', null, null],
    ['surprise me', null, null],
    ['what should I drink?', null, null],
    ["I'd like something to drink", null, null],
    ["I'd like a drink", null, null],
    ['something fruity', 'fruity', 'fruity'],
    ['something sweet please', 'fruity', 'sweet'],
    ['I want something strong', 'strong', 'strong'],
    ['a strong drink please', 'strong', 'strong'],
    ['something really classy', 'classy', 'classy'],
    ["I'm in the mood for something burning", 'burning', 'burning'],
    ['can you recommend a classic cocktail', 'classy', 'classic'],
    ['something non-alcoholic', 'sobering', 'non alcoholic'],
    ['something without alcohol', 'sobering', 'without alcohol'],
    ['give me something spicy', null, 'spicy'],
    ['fruity please', 'fruity', 'fruity'],
    ['do you have anything sobering?', 'sobering', 'sobering'],
    ['something not too sweet please', null, 'not too sweet'],
  ])('"%s" asks for %s', (said, preference, word) => {
    expect(detectWishes(said, menu)).toEqual([{ kind: 'recommend', preference, said: word }]);
  });

  it.each([
    'something happened to me today',
    'can I ask you something',
    'the wind is strong',
    'a burning question',
    'home sweet home',
    "that's a stiff drink",
    'classy',
    "I don't want anything",
  ])('"%s" asks for none', (said) => {
    expect(detectWishes(said, menu)).toEqual([]);
  });
});

describe('price questions', () => {
  it.each([
    ['how much is a martini', ['Martini']],
    ["what's the price of a negroni?", ['Negroni']],
    ['how much are the whiskeys', ['Whiskey']],
    ['what does an old fashioned cost?', ['Old Fashioned']],
    ['how much for two tap beers and a soda', ['Tap Beer', 'Soda']],
    ['how much is a beer', ['Tap Beer', 'Classic Brew', 'IPA']],
    ['how much is a mai tai', []],
  ])('"%s" asks for the price of %j', (said, items) => {
    expect(detectWishes(said, menu)).toEqual([{ kind: 'show_price', items }]);
  });

  it.each(['how much do I owe', 'what does it mean', 'how much is my bill', 'how much fun is this'])('"%s" asks for none', (said) => {
    expect(detectWishes(said, menu).filter((wish) => wish.kind === 'show_price')).toEqual([]);
  });
});
