import type { Menu } from '../menu/index.ts';
import { DEFAULT_CONFIG, type UnderstandingConfig } from './config.ts';
import { normalise } from './normalise.ts';
import { phraseList } from './phrase-list.ts';
import { isNegated, occurrences, overlaps } from './phrases.ts';
import { findPriceQuestion, type PriceQuestion } from './price-question.ts';
import { findRecommendationWish, type RecommendationWish } from './recommendation-wish.ts';
import { findTipWish, type TipWish } from './tip-wish.ts';
import { clausesOf, tokenise, wordsOf, type Span, type Token } from './tokens.ts';

export type PlainWishKind = 'show_menu' | 'show_balance' | 'show_tip' | 'place_order' | 'confirm_order' | 'clear_order' | 'check_payment';

/** Something the guest wants done that is neither a drink nor an inquiry about order or bill. */
export type Wish = { readonly kind: PlainWishKind } | TipWish | RecommendationWish | PriceQuestion;

interface WishPhrases {
  readonly kind: PlainWishKind;
  readonly phrases: readonly string[];
  /** Counts only at the end of its clause, courtesies aside: "that's all", but not "that's all I know". */
  readonly ends?: boolean;
}

const WISHES: readonly WishPhrases[] = [
  {
    kind: 'show_menu',
    phrases: [
      ...phraseList(`
        show me the menu | see the menu | see a menu | the menu please | menu please | have the menu | get the menu
        have a menu | get a menu | give me the menu
      `),
      ...phraseList(`
        look at the menu | read me the menu | show me your menu | see your menu | show the menu | show menu | bring me the menu
        is there a menu | do you have a menu
      `),
      ...phraseList(`
        what's on the menu | what's on your menu | drinks list | drink menu | drinks menu | list of drinks | list the drinks
        what are my options | what are the options
      `),
      ...[
        'what drinks do you have',
        'which drinks do you have',
        'what cocktails do you have',
        'which cocktails do you have',
        'what beers do you have',
        'which beers do you have',
      ],
      ...[
        "what's on tap",
        'what kind of drinks do you have',
        'what kind of beer do you have',
        'what do you have on tap',
        'what do you have to drink',
        'what beer do you have',
      ],
    ],
  },
  {
    kind: 'show_menu',
    ends: true,
    phrases: [
      'what do you have',
      'what have you got',
      'what do you serve',
      'what can i order',
      'what can i get',
      'what can i have',
      'menu',
    ],
  },
  {
    kind: 'show_balance',
    phrases: [
      ...[
        'how much money do i have',
        'how much money have i',
        "what's my balance",
        'my balance',
        'how much do i have left',
        'how much have i got left',
        'how much money is left',
      ],
      ...[
        'how much cash do i have',
        'what can i afford',
        'my current balance',
        'current balance',
        'how much money i have',
        'balance please',
      ],
    ],
  },
  { kind: 'show_balance', ends: true, phrases: ['how much do i have', 'how much have i got', 'balance'] },
  {
    kind: 'show_tip',
    phrases: [
      "what's my tip",
      "what's the tip",
      'how much is the tip',
      'how much is my tip',
      'how much did i tip',
      'what did i tip',
      'my current tip',
    ],
  },
  {
    kind: 'place_order',
    phrases: phraseList(`
      place the order | place my order | send my order | send the order | submit my order | submit the order | finish my order
      finish the order | complete my order
    `),
  },
  {
    kind: 'place_order',
    ends: true,
    phrases: [
      ...phraseList(`
        that's all | that will be all | that would be all | that's it | that will be it | that's everything | that will do
        nothing else | nothing more | place order | send it
      `),
      ...['i am done ordering', 'we are done ordering', 'done ordering'],
    ],
  },
  {
    kind: 'confirm_order',
    phrases: phraseList(`
      confirm my order | confirm the order | read my order back | read back my order | read me my order | repeat my order
      is my order right | is my order correct
    `),
  },
  {
    kind: 'clear_order',
    phrases: [
      ...phraseList(`
        cancel my order | cancel the order | cancel the whole order | cancel everything | cancel it all | cancel all of it
        clear my order | clear the order | clear everything
      `),
      ...phraseList(`
        scrap my order | scrap the order | delete my order | remove my order | remove everything | forget my order
        forget the order | void my order | empty my order | drop my order
      `),
      ...['undo my order', 'cancel my whole order', 'cancel my entire order'],
    ],
  },
  { kind: 'clear_order', ends: true, phrases: ['cancel order', 'clear order', 'start over'] },
  {
    kind: 'check_payment',
    phrases: [
      ...[
        'did my payment go through',
        'did the payment go through',
        'has my payment gone through',
        'check my payment',
        'check the payment',
        'payment status',
        'status of my payment',
      ],
      ...['have i paid', 'is my payment done', 'did my card go through'],
    ],
  },
];

const PHRASES = WISHES.flatMap(({ kind, ends, phrases }) =>
  phrases.map((phrase) => ({ kind, ends: ends ?? false, words: wordsOf(phrase) })),
).toSorted((a, b) => b.words.length - a.words.length);

/** May follow a phrase that ends its clause. */
const COURTESIES = new Set(
  'please thanks thank you for now me us today tonight maya here then i think so far really to drink available folks'.split(' '),
);

/** Finds everything the guest wishes for besides drinks and the bill, in the order it was said. */
export function detectWishes(text: string, menu: Menu, config: UnderstandingConfig = DEFAULT_CONFIG): Wish[] {
  return findWishes(tokenise(normalise(text, config.maxInputCharacters).text), menu).map(({ start: _start, end: _end, ...wish }) => wish);
}

/** As {@link detectWishes}, each with the stretch of text that says it. */
export function findWishes(tokens: readonly Token[], menu: Menu): (Wish & Span)[] {
  const found: (Wish & Span)[] = findPlainWishes(tokens);
  const addUnlessTaken = (wish: (Wish & Span) | null): void => {
    if (wish && !found.some((other) => overlaps(other, wish))) found.push(wish);
  };
  addUnlessTaken(findTipWish(tokens));
  addUnlessTaken(findRecommendationWish(tokens, menu));
  addUnlessTaken(findPriceQuestion(tokens, menu));
  return found.toSorted((a, b) => a.start - b.start);
}

function findPlainWishes(tokens: readonly Token[]): ({ readonly kind: PlainWishKind } & Span)[] {
  const clauses = clausesOf(tokens);
  const found: ({ readonly kind: PlainWishKind } & Span)[] = [];
  for (const { kind, ends, words } of PHRASES) {
    for (const span of occurrences(tokens, words)) {
      const clause = clauses.find((candidate) => overlaps(candidate, span)) ?? span;
      const behind = tokens.slice(span.end, clause.end);
      if (ends && !behind.every((token) => COURTESIES.has(token.text))) continue;
      if (ends && words.length === 1 && span.start !== clause.start) continue;
      if (isNegated(tokens, span.start) || found.some((other) => overlaps(other, span))) continue;
      found.push({ kind, ...clause });
    }
  }
  return found;
}
