import type { Menu } from '../menu/index.ts';
import { isCasual } from './casual.ts';
import { DEFAULT_CONFIG, type UnderstandingConfig } from './config.ts';
import { detectInquiry, type InquiryReading } from './inquiry.ts';
import { normalise } from './normalise.ts';
import type { Offer } from './offer.ts';
import { ACCEPTING_PHRASES } from './order-phrases.ts';
import { needsAsking, type OrderedItem, type OrderReading } from './order-reading.ts';
import { parseOrder } from './parse-order.ts';
import { occurrences } from './phrases.ts';
import { contextDrinks, detectSpeechAct, type SpeechActReading } from './speech-act.ts';
import { tokenise, wordsOf } from './tokens.ts';
import { detectWishes, type Wish } from './wishes.ts';

export interface UnderstandingContext {
  readonly menu: Menu;
  /** The last messages of the conversation, oldest first, without the text that is to be understood. */
  readonly recentMessages?: readonly string[];
  /** Drinks named lately; found in `recentMessages` unless given. */
  readonly recentDrinks?: readonly string[];
  /** What Maya offered in her last message, as `readOffer` gives it. */
  readonly lastOffer?: Offer | null;
  /** Names of the items on the counter: an offer of these was taken already. */
  readonly onCounter?: readonly string[];
  readonly config?: UnderstandingConfig;
}

/** What a turn has to do about orders. Items of `add` were read in full; with `ask` there is something left to ask back. */
export type OrderDecision =
  | { readonly kind: 'none' }
  | { readonly kind: 'add'; readonly items: readonly OrderedItem[]; readonly source: 'named' | 'offered'; readonly ask: boolean }
  | { readonly kind: 'ask' };

/** Everything a turn needs to know about what the guest said. */
export interface Understanding {
  /** The text as it was judged. */
  readonly text: string;
  readonly isEmpty: boolean;
  /** The end of the text was not looked at; no order is taken from it. */
  readonly isTruncated: boolean;
  readonly speechAct: SpeechActReading;
  readonly inquiry: InquiryReading | null;
  readonly wishes: readonly Wish[];
  readonly order: OrderReading;
  readonly decision: OrderDecision;
  readonly isCasual: boolean;
}

const accepting = ACCEPTING_PHRASES.map(wordsOf);

/** Understands one message of a guest. Pure: it looks at nothing but its arguments, and costs the same for any text over the input limit. */
export function understand(input: string, context: UnderstandingContext): Understanding {
  const { menu, config = DEFAULT_CONFIG } = context;
  const { text, truncated } = normalise(input, config.maxInputCharacters);
  const recentDrinks = context.recentDrinks ?? contextDrinks(context.recentMessages ?? [], config);
  const speechAct = detectSpeechAct(text, { menu, recentDrinks, config });
  const inquiry = detectInquiry(text, config);
  const wishes = detectWishes(text, menu, config);
  const order = parseOrder(text, menu, { config });
  const decision = truncated ? decideUnread(order) : decide(text, speechAct, order, { inquiry, wishes }, context);
  return {
    ...{ text, isEmpty: text === '', isTruncated: truncated, speechAct, inquiry, wishes, order, decision },
    isCasual: inquiry === null && wishes.length === 0 && decision.kind === 'none' && isCasual(text, menu, config),
  };
}

const NONE: OrderDecision = { kind: 'none' };
const ASK: OrderDecision = { kind: 'ask' };

/** What was named is added; else a confirmation or a yes may mean what was offered; what stays open is asked back and never charged. */
function decide(
  text: string,
  speechAct: SpeechActReading,
  order: OrderReading,
  { inquiry, wishes }: Pick<Understanding, 'inquiry' | 'wishes'>,
  context: UnderstandingContext,
): OrderDecision {
  const isService = inquiry !== null || wishes.length > 0;
  const takesBack = order.items.length > 0 && wishes.some((wish) => wish.kind === 'clear_order'); // "two martinis. actually, cancel my order"
  if (order.conditions.length > 0 || takesBack) return ASK;
  if (order.items.length > 0) return { kind: 'add', items: order.items, source: 'named', ask: needsAsking(order) };

  const answer = parseOrder(text, context.menu, { as: 'confirmation', config: context.config ?? DEFAULT_CONFIG });
  if (speechAct.confirmed && answer.items.length > 0)
    return { kind: 'add', items: answer.items, source: 'named', ask: needsAsking(answer) };
  const offered = refersOnly(answer) && !isService ? acceptedOffer(text, speechAct, answer, context) : [];
  if (offered.length > 0) return { kind: 'add', items: offered, source: 'offered', ask: false };

  const isUnreadRequest =
    speechAct.intent === 'order_request' && !isService && order.mentioned.length + order.negated.length + order.unread.length === 0;
  return needsAsking(order) || (speechAct.confirmed && !isService) || isUnreadRequest ? ASK : NONE;
}

/** The end of the text may take back what its beginning wishes. */
function decideUnread(order: OrderReading): OrderDecision {
  return order.items.length > 0 || needsAsking(order) ? ASK : NONE;
}

/** Nothing is said but courtesies, references and perhaps a number. */
function refersOnly(answer: OrderReading): boolean {
  const { invalidQuantities, items, mentioned, negated, unread, ...rest } = answer;
  const others = Object.values(rest).some((list) => list.length > 0);
  return (
    !others &&
    items.length + mentioned.length + negated.length + unread.length === 0 &&
    invalidQuantities.every((entry) => entry.problem === 'without_drink')
  );
}

/** The offered items that a yes or a confirmation takes: all of them when they were offered together, none when they were offered for choice. */
function acceptedOffer(text: string, speechAct: SpeechActReading, answer: OrderReading, context: UnderstandingContext): OrderedItem[] {
  const { lastOffer, onCounter = [], config = DEFAULT_CONFIG } = context;
  const isAccepted = speechAct.confirmed && speechAct.act === 'commissive';
  const tokens = tokenise(normalise(text, config.maxInputCharacters).text);
  const isYes = accepting.some((words) => occurrences(tokens, words).length > 0);
  if (!lastOffer || lastOffer.alternatives || !(isAccepted || isYes)) return [];
  const open = lastOffer.items.filter((offered) => !onCounter.includes(offered.item));
  return answer.invalidQuantities.length === 0 ? open : [];
}
