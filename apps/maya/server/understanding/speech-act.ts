import type { Menu } from '../menu/index.ts';
import { DEFAULT_CONFIG, type Act, type UnderstandingConfig } from './config.ts';
import { normalise } from './normalise.ts';
import { oncePer } from './once-per.ts';
import { nameForms, namesIn, type Name } from './phrases.ts';
import { standsAt, tokenise, wordsOf, type Token } from './tokens.ts';

export type OrderIntent = 'order_confirmation' | 'order_request' | 'none';

/** What is being done by saying it, after Austin. */
export interface SpeechActReading {
  /** Null when no phrase of any act was said. */
  readonly act: Act | null;
  readonly intent: OrderIntent;
  /** 0 to 1, in steps of 0.1. */
  readonly confidence: number;
  /** True for an order confirmation that is to be acted on. */
  readonly confirmed: boolean;
}

export interface SpeechActContext {
  readonly menu: Menu;
  /** Drinks that were named in the last messages; {@link contextDrinks} finds them. */
  readonly recentDrinks?: readonly string[];
  readonly config?: UnderstandingConfig;
}

/** A phrase with gaps: its parts stand in this order, with anything in between; a part is one of several phrases. */
type Pattern = readonly (readonly (readonly string[])[])[];

const pattern = (...parts: readonly (readonly string[])[]): Pattern => parts.map((choices) => choices.map(wordsOf));

const PATTERNS: Readonly<Record<Act, readonly Pattern[]>> = {
  directive: [pattern(['please', 'can you', 'would you', 'i want', 'i need', "i'd like", 'may i have'])],
  commissive: [
    pattern(['i can', 'i will', 'i shall', 'certainly', 'of course', 'absolutely', 'sure'], ['get', 'make', 'prepare', 'serve']),
    pattern(['coming right up']),
    pattern(['one'], ['coming up']),
  ],
  assertive: [
    pattern(['here is', 'this is', 'that was'], ['your', 'the']),
    pattern(['your'], ['is ready']),
    pattern(['one'], ['for you']),
    pattern(['this is your']),
  ],
};

/**
 * Tells order confirmations and order requests by the phrase that was used, the order words beside it and the drinks named lately.
 * The act with the highest score counts; of equal scores a directive goes first, since it is read and not merely believed.
 */
export function detectSpeechAct(text: string, context: SpeechActContext): SpeechActReading {
  const config = context.config ?? DEFAULT_CONFIG;
  const tokens = tokenise(normalise(text, config.maxInputCharacters).text).filter(
    (token) => token.kind !== 'comma' && token.kind !== 'stop',
  );
  const { intentThreshold, confirmationThreshold } = config.speechAct;
  const acts = (Object.keys(PATTERNS) as Act[]).filter((act) => PATTERNS[act].some((candidate) => matches(tokens, candidate)));
  let best: { act: Act; confidence: number } | undefined;
  for (const act of acts) {
    const confidence = scoreOf(act, tokens, context, config);
    if (!best || confidence > best.confidence) best = { act, confidence };
  }
  if (!best) return { act: null, intent: 'none', confidence: 0, confirmed: false };
  const intent = best.confidence < intentThreshold ? 'none' : best.act === 'directive' ? 'order_request' : 'order_confirmation';
  return { ...best, intent, confirmed: intent === 'order_confirmation' && best.confidence > confirmationThreshold };
}

/** The drinks that the last messages name, oldest message first in the input; each once. */
export function contextDrinks(messages: readonly string[], config: UnderstandingConfig = DEFAULT_CONFIG): string[] {
  const { contextMessages } = config.speechAct;
  const recent = contextMessages > 0 ? messages.slice(-contextMessages) : [];
  return [
    ...new Set(recent.flatMap((message) => namesIn(tokenise(normalise(message, config.maxInputCharacters).text), contextNames(config)))),
  ];
}

/** Rounded to two decimals, so that 0.2 + 0.1 is not more than 0.3. */
function scoreOf(act: Act, tokens: readonly Token[], { menu, recentDrinks = [] }: SpeechActContext, config: UnderstandingConfig): number {
  const { wordScore, contextScore, commitmentBonus } = config.speechAct;
  const words = orderWords(act, menu, config);
  const inText = namesIn(tokens, words).length;
  const inContext = namesIn(tokenise(normalise(recentDrinks.join(', '), config.maxInputCharacters).text), words).length;
  const bonus = act === 'commissive' && inContext > 0 ? commitmentBonus : 0;
  return Math.min(1, Math.round((inText * wordScore + inContext * contextScore + bonus) * 100) / 100);
}

/** A word that is also an item counts by the item's aliases too, so that "whisky" and "whiskey" are one word. */
function orderWords(act: Act, menu: Menu, config: UnderstandingConfig): readonly Name[] {
  const items = itemWords(menu);
  const words = actWords(config)[act].map((word) => items.get(word.name) ?? word);
  return act === 'directive' ? [...new Set([...words, ...items.values()])] : words;
}

const itemWords = oncePer(
  (menu: Menu) => new Map(menu.items.map(({ name, aliases }) => [name.toLowerCase(), nameForms(name.toLowerCase(), aliases)])),
);

const actWords = oncePer(({ speechAct: { orderWords: words } }: UnderstandingConfig): Record<Act, Name[]> => {
  const both = [...new Set([...words.commissive, ...words.assertive])];
  const [commissive, assertive, directive] = [words.commissive, words.assertive, both].map((list) => list.map((word) => nameForms(word)));
  return { commissive: commissive ?? [], assertive: assertive ?? [], directive: directive ?? [] };
});

const contextNames = oncePer(({ speechAct }: UnderstandingConfig): Name[] => speechAct.contextDrinks.map((drink) => nameForms(drink)));

function matches(tokens: readonly Token[], parts: Pattern): boolean {
  let from = 0;
  for (const choices of parts) {
    const at = tokens.findIndex((_, index) => index >= from && choices.some((words) => standsAt(tokens, index, words)));
    if (at < 0) return false;
    from = at + 1;
  }
  return true;
}
