import type { Menu } from '../menu/index.ts';
import { DEFAULT_CONFIG, type UnderstandingConfig } from './config.ts';
import { gatherWishes, type SpokenWish } from './gather-wishes.ts';
import { readLexemes, type Lexeme } from './lexemes.ts';
import { normalise } from './normalise.ts';
import type { ClauseReading, DrinkDraft } from './order-clause.ts';
import { ACCEPTING_PHRASES, HYPOTHETICAL_PHRASES, REFERRING_WORDS } from './order-phrases.ts';
import { emptyReading, type OpenReading, type OrderReading } from './order-reading.ts';
import { phraseList } from './phrase-list.ts';
import { findServices } from './services.ts';
import type { Quantity } from './quantities.ts';
import { settleDrink, type SaidDrink } from './settle-drink.ts';
import { splitClauses, type Clause } from './split-clauses.ts';
import { standsAt, tokenise, wordsOf, type Span, type Token } from './tokens.ts';
import { vocabularyOf } from './vocabulary.ts';

export interface ParseOptions {
  /**
   * What the text is taken for. In a confirmation "here's your" begins a wish, and "it" or "that drink" refer to what was said before;
   * in an offer of Maya's nothing is left out as a request for something else. A guest's wish by default.
   */
  readonly as?: 'wish' | 'confirmation' | 'offer';
  readonly config?: UnderstandingConfig;
}

/** Longer unknown phrases are talk, not the name of a drink. */
const LONGEST_NAME_WORDS = 4;

const POLITE_WORDS = new Set(
  phraseList(`
  please | can | could | may | give | bring | get | want | like
`),
);

const referring = [...ACCEPTING_PHRASES, ...REFERRING_WORDS].map(wordsOf).toSorted((a, b) => b.length - a.length);

/**
 * Reads an order out of what a guest said. Pure, and bounded by the input limit whatever the text.
 * Only what was read in full is in `items`: a wish has a beginning ("i'd like"), a courtesy ("please") or is nothing but drinks, and every word
 * between it and the drink is known. All else is reported for asking back, or as mentioned or unread.
 * Requests for the bill, the menu, a tip and the like inside the text are left out; other functions read those.
 */
export function parseOrder(text: string, menu: Menu, { as = 'wish', config = DEFAULT_CONFIG }: ParseOptions = {}): OrderReading {
  const tokens = tokenise(normalise(text, config.maxInputCharacters).text);
  const confirming = as === 'confirmation';
  const services = as === 'offer' ? [] : findServices(tokens, menu, config);
  const remaining = withoutServices(tokens, services);
  const lexemes = readLexemes(confirming ? withoutReferences(remaining) : remaining, vocabularyOf(menu));
  const reader = new OrderReader(menu, config, confirming);
  for (const sentence of sentencesIn(markCorrections(lexemes))) reader.takeSentence(sentence);
  return reader.finish();
}

class OrderReader {
  readonly #menu: Menu;
  readonly #config: UnderstandingConfig;
  readonly #confirming: boolean;
  readonly #reading: OpenReading = emptyReading();
  readonly #drinks: SaidDrink[] = [];

  constructor(menu: Menu, config: UnderstandingConfig, confirming: boolean) {
    this.#menu = menu;
    this.#config = config;
    this.#confirming = confirming;
  }

  takeSentence(lexemes: readonly Lexeme[]): void {
    const isQuestion = lexemes.at(-1)?.text === '?';
    const clauses = splitClauses(
      lexemes.filter((lexeme) => lexeme.kind !== 'stop'),
      this.#menu,
      this.#confirming,
    );
    for (const wish of gatherWishes(clauses, this.#menu, isQuestion)) {
      for (const { clause, reading } of wish.clauses) this.#takeClause(clause, reading, wish);
    }
  }

  finish(): OrderReading {
    const isWished = this.#drinks.some((drink) => !drink.mention && !drink.draft.negated);
    if (isWished) this.#reading.conditions.push(...this.#looseNumbers());
    else this.#reading.unread.push(...this.#reading.conditions.splice(0));
    for (const drink of this.#drinks) settleDrink(drink, this.#reading, this.#menu, this.#config);
    return this.#reading;
  }

  #takeClause(clause: Clause, reading: ClauseReading, wish: SpokenWish): void {
    this.#reading.corrections.push(...reading.corrections);
    this.#reading.conditions.push(...reading.conditions);
    if (reading.amends && reading.drinks.length > 0 && this.#drinks.length > 0) this.#reading.conditions.push('make it');
    if (reading.chatter.length > 0) this.#reading.unread.push(reading.chatter.join(' '));
    this.#takeLooseModifiers(clause, reading);
    reading.drinks.forEach((draft, index) => this.#addDrink(draft, index === 0 ? clause : undefined, wish));
    if (reading.drinks.length === 0 || reading.quantity) this.#takeRemainder(clause, reading, wish);
  }

  #addDrink(draft: DrinkDraft, clause: Clause | undefined, wish: SpokenWish): void {
    const before = this.#drinks.at(-1);
    if (clause?.joint === 'or' && before && !before.draft.negated && !draft.negated) return void before.alternatives.push(draft);
    const isBare = draft.quantity === null && !wish.asked;
    const isTalk = isBare && (wish.talks || draft.unknownBefore.length + draft.unknownBehind.length + draft.unknownWith.length > 0);
    wish.talks ||= isTalk;
    this.#drinks.push({
      draft,
      mention: wish.mention || isTalk,
      alternatives: [],
      maybeBaseOf: clause?.joint === 'comma' && !clause.asked && before?.draft.quantity && !draft.quantity ? before : null,
      choice: false,
    });
  }

  /** Modifiers in a clause of their own belong to the drink before: "a martini, shaken", "make it dry". */
  #takeLooseModifiers(clause: Clause, reading: ClauseReading): void {
    const before = this.#drinks.at(-1);
    if (reading.drinks.length > 0 || reading.quantity) return;
    const unknownWith = reading.amends ? [...reading.unknownWith, ...reading.unknown.splice(0)] : reading.unknownWith;
    if (!before) {
      this.#reading.unread.push(...reading.modifiers, ...unknownWith);
      return;
    }
    before.draft.modifiers.push(...reading.modifiers);
    before.draft.unknownWith.push(...unknownWith);
    if (clause.joint === 'or' && reading.modifiers.length > 0) before.choice = true;
  }

  /** What is left of a clause when its drinks are taken out: a quantity of nothing, the name of an unknown drink, or talk. */
  #takeRemainder(clause: Clause, { quantity, modifiers, unknown, statement, negation, conditions }: ClauseReading, wish: SpokenWish): void {
    const name = unknown.join(' ');
    const goesOn = clause.joint === 'and' && wish.clauses.some((entry) => entry.reading.statement); // "i have two kids and a dog"
    const isThought = conditions.some((text) => HYPOTHETICAL_PHRASES.includes(text)); // "imagine a world without rain"
    const isTalk =
      wish.mention || goesOn || statement || isThought || negation !== 'none' || unknown.length > LONGEST_NAME_WORDS || /^to\b/.test(name);
    const before = this.#wished;
    const follows = before && unknown.length <= 2;
    if (negation !== 'none' && quantity && name === '' && before) {
      this.#reading.conditions.push(`not ${quantity.text}`); // "two martinis, no three"
    } else if (isTalk || (!wish.asked && quantity === null && !follows)) {
      if (name !== '') this.#reading.unread.push(name);
    } else if (name === '' && quantity) {
      if (before && !clause.asked) before.draft.quantity = countedAfterwards(before.draft.quantity, quantity, modifiers);
      else this.#reading.invalidQuantities.push({ text: quantity.text, item: null, problem: quantity.problem ?? 'without_drink' });
    } else if (name !== '') {
      const isBare = quantity === null && clause.joint === 'comma' && !clause.asked && !name.includes(' and ');
      const describes = isBare && before?.draft.quantity; // "a martini, very cold"
      if (before && (describes || (modifiers.length > 0 && quantity === null))) before.draft.unknownWith.push(name);
      else this.#reading.unknownNames.push(name);
    }
  }

  /** A number without a drink may be that of a drink beside it: "2 - martini", "1) martini 2) negroni". */
  #looseNumbers(): string[] {
    return this.#reading.invalidQuantities.flatMap(({ text, problem }) => (problem === 'without_drink' ? [text] : []));
  }

  /** The last drink, when it is wished for. */
  get #wished(): SaidDrink | undefined {
    const last = this.#drinks.at(-1);
    return last && !last.mention && !last.draft.negated ? last : undefined;
  }
}

/** "martinis, three" is a number said late; "two martinis, one dry and one dirty" divides what was counted, and that is asked back. */
function countedAfterwards(before: Quantity | null, quantity: Quantity, modifiers: readonly string[]): Quantity {
  if (!before && modifiers.length === 0) return quantity;
  return { ...quantity, text: before ? `${before.text}, ${quantity.text}` : quantity.text, value: null, problem: 'unclear' };
}

/** Leaves a courtesy in the place of a request that had one: "could we have the bill and two waters?" asks for the waters too. */
function withoutServices(tokens: readonly Token[], services: readonly Span[]): Token[] {
  return tokens.map((token, at): Token => {
    const service = services.find(({ start, end }) => at >= start && at < end);
    if (!service) return token;
    const isPolite = at === service.start && tokens.slice(service.start, service.end).some(({ text }) => POLITE_WORDS.has(text));
    return isPolite ? { kind: 'word', text: 'please' } : { kind: 'comma', text: ',' };
  });
}

/** Ends of sentences stay in, so that a question can be told. */
function sentencesIn(lexemes: readonly Lexeme[]): Lexeme[][] {
  const sentences: Lexeme[][] = [];
  let start = 0;
  for (const [at, lexeme] of lexemes.entries()) {
    if (lexeme.kind !== 'stop' && at < lexemes.length - 1) continue;
    sentences.push(lexemes.slice(start, at + 1));
    start = at + 1;
  }
  return sentences;
}

/** A bare "no" behind a drink takes something back: "a martini. no, a beer". */
function markCorrections(lexemes: readonly Lexeme[]): Lexeme[] {
  const firstDrink = lexemes.findIndex((lexeme) => lexeme.kind === 'drink');
  return lexemes.map((lexeme, at) =>
    firstDrink >= 0 && at > firstDrink && lexeme.kind === 'role' && lexeme.role === 'filler' && lexeme.text === 'no'
      ? { ...lexeme, role: 'condition' }
      : lexeme,
  );
}

function withoutReferences(tokens: readonly Token[]): Token[] {
  let next = 0;
  return tokens.filter((_, at) => {
    const words = at < next ? undefined : referring.find((candidate) => standsAt(tokens, at, candidate));
    if (words) next = at + words.length;
    return at >= next;
  });
}
