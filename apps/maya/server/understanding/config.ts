import { phraseList } from './phrase-list.ts';

export type Act = 'commissive' | 'assertive' | 'directive';
export type InquiryKind = 'show_order' | 'get_bill' | 'pay_bill';

/** Every threshold and word list of the understanding that a bar may want to change. */
export interface UnderstandingConfig {
  /** The rest of a longer input is not looked at. */
  readonly maxInputCharacters: number;
  /** The highest quantity of one order item. */
  readonly maxQuantity: number;
  readonly speechAct: {
    /** For each order word of the act in the text. */
    readonly wordScore: number;
    /** For each order word of the act among the drinks named lately. */
    readonly contextScore: number;
    /** For a commissive with at least one of those. */
    readonly commitmentBonus: number;
    /** Below this there is no intent. */
    readonly intentThreshold: number;
    /** An order confirmation is acted on above this. */
    readonly confirmationThreshold: number;
    /** Directives know every name of the menu besides, and the words of the other two. */
    readonly orderWords: Readonly<Record<'commissive' | 'assertive', readonly string[]>>;
    readonly contextDrinks: readonly string[];
    /** How many of the last messages the drinks named lately are taken from. */
    readonly contextMessages: number;
  };
  readonly inquiries: {
    readonly phrases: Readonly<Record<InquiryKind, readonly string[]>>;
    /** The least share of a phrase's words that still counts. */
    readonly shareThreshold: number;
  };
  /** Any of these, or a name of the menu, makes a conversation more than casual. */
  readonly businessWords: readonly string[];
}

export const DEFAULT_CONFIG: UnderstandingConfig = {
  maxInputCharacters: 2000,
  maxQuantity: 20,
  speechAct: {
    wordScore: 0.3,
    contextScore: 0.2,
    commitmentBonus: 0.5,
    intentThreshold: 0.3,
    confirmationThreshold: 0.4,
    orderWords: {
      commissive: phraseList(`
        whiskey | beer | cocktail | drink | beverage | old fashioned | manhattan | martini | rocks | neat
      `),
      assertive: ['drink', 'order', 'whiskey', 'cocktail', 'beverage', 'manhattan'],
    },
    contextDrinks: [
      ...phraseList(`
        whiskey | beer | cocktail | wine | vodka | gin | rum | tequila | old fashioned | manhattan | martini | negroni | mojito
      `),
      ...['rocks', 'neat'],
    ],
    contextMessages: 3,
  },
  inquiries: {
    phrases: {
      show_order: [
        ...phraseList(`
          show my order | view my order | see my order | what did i order | what have i ordered | what's in my order
          my current order | order so far
        `),
        ...["what's on my order", 'what did i have so far', 'what have i had'],
      ],
      get_bill: [
        ...phraseList(`
          check please | what do i owe | how much | how much is my bill | how much do i owe | my total | the total
          what's the total | what's my total
        `),
        ...['my tab', 'the tab', "what's my tab", "what's the tab", 'my bill', 'the bill', "what's the damage"],
        ...phraseList(`
          the check | my check | how much is my tab | how much is the bill | how much is the tab | how much do we owe
          what do we owe | did i pay the bill | how much have i spent
        `),
      ],
      pay_bill: [
        ...phraseList(`
          pay my bill | pay the bill | pay my tab | pay the tab | i'll pay now | pay now | settle my bill | settle the bill
          settle up | cash out
        `),
        ...phraseList(`
          close my tab | close the tab | close out my tab | settle my tab | settle the tab | ready to pay | pay by card
          pay with card | pay with my card
        `),
      ],
    },
    shareThreshold: 0.5,
  },
  businessWords: phraseList(`
    order | menu | drink | beer | cocktail | price | cost | bill | payment | tip
  `),
};
