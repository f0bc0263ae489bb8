import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG, detectInquiry } from '../../server/understanding/index.ts';

describe('an inquiry said with a whole phrase', () => {
  it.each([
    ...[
      'show my order',
      'view my order',
      'see my order',
      'what did I order',
      'what have I ordered',
      "what's in my order",
      'my current order',
      'order so far',
    ].map((phrase) => [phrase, 'show_order']),
    ...[
      'check please',
      'Check, please!',
      'what do I owe',
      'how much',
      'how much is my bill',
      'how much do I owe',
      'my total',
      'the total',
      "what's the total",
    ].map((phrase) => [phrase, 'get_bill']),
    ...[
      'my tab',
      'the tab',
      "what's my tab",
      'my bill',
      'the bill',
      "what's the damage",
      'what’s the damage?',
      'How much?',
      'how much is it?',
    ].map((phrase) => [phrase, 'get_bill']),
    ...[
      'pay my bill',
      'pay the bill',
      'pay my tab',
      'pay the tab',
      "I'll pay now",
      'I’ll pay now',
      'pay now',
      'settle my bill',
      'settle the bill',
      'settle up',
    ].map((phrase) => [phrase, 'pay_bill']),
    ...['cash out', 'close my tab', 'close the tab'].map((phrase) => [phrase, 'pay_bill']),
  ])('"%s" is %s with confidence 1', (said, kind) => {
    expect(detectInquiry(said)).toMatchObject({ kind, confidence: 1 });
  });

  it.each([
    ['can I pay my bill please', 'pay_bill', 'pay my bill'],
    ['I want to close my tab now', 'pay_bill', 'close my tab'],
    ['how much is my bill so far', 'get_bill', 'how much is my bill'],
    ['could you show my order and then the bill', 'show_order', 'show my order'],
    ['whats my tab', 'get_bill', 'what is my tab'],
    ['a martini and the bill please', 'get_bill', 'the bill'],
    ['that would be lovely. What do I owe?', 'get_bill', 'what do i owe'],
    ['how much altogether?', 'get_bill', 'how much'],
    ['how much is everything?', 'get_bill', 'how much'],
    ['I do not know what my total is', 'get_bill', 'my total'],
  ])('the most specific phrase of "%s" wins: %s', (said, kind, phrase) => {
    expect(detectInquiry(said)).toMatchObject({ kind, phrase, confidence: 1 });
  });
});

describe('an inquiry said with part of a phrase', () => {
  it.each([
    ['show me the order', 'show_order'],
    ['can I see the order', 'show_order'],
    ['bill please', 'get_bill'],
    ['could I get a check', 'get_bill'],
    ['tell me what I owe', 'get_bill'],
    ["I'd like to pay please", 'pay_bill'],
    ["let's settle", 'pay_bill'],
    ['tab?', 'get_bill'],
  ])('"%s" is %s with the share of its words', (said, kind) => {
    const found = detectInquiry(said);
    expect(found?.kind).toBe(kind);
    expect(found?.confidence).toBeGreaterThanOrEqual(0.5);
    expect(found?.confidence).toBeLessThan(1);
  });
});

describe('what is no inquiry', () => {
  it.each([
    ...[
      'a table for two',
      'the weather is nice',
      'please',
      'I totally agree',
      'imagine that',
      'the author of the book',
      'a billion stars',
      'when is payday',
      'pay attention',
    ],
    ...[
      '',
      '   ',
      'Bill Murray is great',
      'a total surprise',
      'check this out',
      'how much is a martini',
      'how much is a martini?',
      'how much for two beers',
      'how much alcohol is in it',
    ],
    ...[
      'how much money do I have',
      'how much is the tip',
      'put it on my tab',
      'add a beer to my bill',
      "don't close the tab",
      "I don't want to pay the bill yet",
      'do not show my order',
    ],
    ...[
      'cancel my order',
      "I'd like to order",
      'what should I order?',
      'in order to form a more perfect union',
      'the bill of rights',
      'paycheck please tell',
      'settlement',
      'мой счёт',
    ],
    ...['what a lovely place', 'owe', 'I owe you one', 'how are you', 'how do you make a martini'],
  ])('"%s"', (said) => {
    expect(detectInquiry(said)).toBeNull();
  });
});

it('takes its phrases and threshold from the configuration', () => {
  const config = {
    ...DEFAULT_CONFIG,
    inquiries: { phrases: { show_order: [], get_bill: ['la cuenta por favor'], pay_bill: [] }, shareThreshold: 0.9 },
  };
  expect(detectInquiry('la cuenta por favor', config)?.kind).toBe('get_bill');
  expect(detectInquiry('the bill', config)).toBeNull();
  expect(detectInquiry('cuenta por favor', config)).toBeNull();
});
