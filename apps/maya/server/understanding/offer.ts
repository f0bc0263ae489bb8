import type { Menu } from '../menu/index.ts';
import { DEFAULT_CONFIG, type UnderstandingConfig } from './config.ts';
import { normalise } from './normalise.ts';
import type { OrderedItem } from './order-reading.ts';
import { parseOrder } from './parse-order.ts';
import { phraseList } from './phrase-list.ts';
import { occurrences } from './phrases.ts';
import { sentencesOf, textOf, tokenise, wordsOf } from './tokens.ts';

/** What Maya offered in a message. */
export interface Offer {
  readonly items: readonly OrderedItem[];
  /** True when the items were named for choice; "yes" then says nothing. */
  readonly alternatives: boolean;
}

const OFFERING = [
  ...phraseList(`
    would you like | shall i | should i | can i get you | can i make you | can i offer | may i offer | how about | what about
    care for | do you want | want me to
  `),
  ...phraseList(`
    fancy | i can make | i can get | i could make | i recommend | i'd recommend | i would recommend | i suggest | i'd suggest
    may i suggest | might i suggest | try
  `),
].map(wordsOf);

/** With one of these several items are for choice. */
const CHOOSING = phraseList(`
  or | recommend | suggest | options | either | such as | try | choice | which
`).map(wordsOf);

/** Reads what a message of Maya's offers: the menu items in its sentences that offer something. Null when it offers nothing. */
export function readOffer(message: string, menu: Menu, config: UnderstandingConfig = DEFAULT_CONFIG): Offer | null {
  const tokens = tokenise(normalise(message, config.maxInputCharacters).text);
  const items: OrderedItem[] = [];
  let alternatives = false;
  for (const sentence of sentencesOf(tokens)) {
    const says = (phrases: readonly (readonly string[])[]): boolean =>
      phrases.some((words) => occurrences(tokens, words, sentence).length > 0);
    if (!says(OFFERING)) continue;
    const reading = parseOrder(textOf(tokens, sentence), menu, { as: 'offer', config });
    const choices = reading.ambiguousNames.flatMap(({ candidates, quantity, modifiers }) =>
      candidates.map((item) => ({ item, quantity, modifiers })),
    );
    items.push(...reading.items, ...reading.mentioned, ...choices);
    alternatives ||= choices.length > 1 || says(CHOOSING);
  }
  return items.length === 0 ? null : { items, alternatives: alternatives && items.length > 1 };
}
