import type { Menu } from '../menu/index.ts';
import type { Lexeme } from './lexemes.ts';
import type { PhraseRole } from './order-phrases.ts';
import type { Quantity } from './quantities.ts';
import type { DrinkMeaning } from './vocabulary.ts';

/** A drink as far as it was read: with everything around it that is known and everything that is not. */
export interface DrinkDraft {
  readonly text: string;
  readonly meaning: DrinkMeaning;
  readonly negated: boolean;
  quantity: Quantity | null;
  readonly modifiers: string[];
  /** Words before it that are no known modifiers: "espresso martini". */
  readonly unknownBefore: string[];
  /** Words directly behind it: "whiskey sour". */
  readonly unknownBehind: string[];
  /** What it should come with or without: "extra olives". */
  readonly unknownWith: string[];
  /** Drinks that follow with nothing in between: "whiskey soda". */
  readonly runsInto: string[];
}

/** What one clause says: the stretch between commas, "and", "or", "but" and the beginnings of wishes. */
export interface ClauseReading {
  readonly drinks: DrinkDraft[];
  /** Modifiers, quantity and unknown words that belong to no drink of this clause. */
  modifiers: string[];
  unknownWith: string[];
  quantity: Quantity | null;
  unknown: string[];
  /** Harmless words that say why or for whom. */
  readonly chatter: string[];
  readonly conditions: string[];
  readonly corrections: { said: string; read: string }[];
  /** It is a remark or a question about drinks, not a wish for them. */
  statement: boolean;
  polite: boolean;
  amends: boolean;
  /** How far a negation reaches that is open at its end. */
  negation: Negation;
}

type DrinkLexeme = Extract<Lexeme, { kind: 'drink' }>;

export type Negation = 'none' | 'clause' | 'wish';

/** What still counts once a clause has gone over to talk. */
const SAID_AFTER_TALK: readonly PhraseRole[] = ['polite', 'condition'];

/** Reads one clause; `negation` is what reaches into it from the clause before. */
export function readClause(lexemes: readonly Lexeme[], menu: Menu, negation: Negation): ClauseReading {
  const reader = new ClauseReader(menu, negation);
  for (const [at, lexeme] of lexemes.entries()) reader.take(lexeme, lexemes.slice(at + 1));
  return reader.finish();
}

class ClauseReader {
  readonly #menu: Menu;
  readonly #reading: ClauseReading;
  #quantity: Quantity | null = null;
  #modifiers: string[] = [];
  #unknown: string[] = [];
  /** Set by "with" and "without" until the next quantity: what comes belongs to the drink before. */
  #withWord: 'with' | 'without' | null = null;
  #explains = false;
  /** Set by "for": unknown words name people, and what is known still counts. */
  #namesPeople = false;

  constructor(menu: Menu, negation: Negation) {
    this.#menu = menu;
    this.#reading = {
      ...{ drinks: [], modifiers: [], unknownWith: [], quantity: null, unknown: [], chatter: [], conditions: [], corrections: [] },
      ...{ statement: false, polite: false, amends: false, negation },
    };
  }

  take(lexeme: Lexeme, rest: readonly Lexeme[]): void {
    if (this.#explains && !(lexeme.kind === 'role' && SAID_AFTER_TALK.includes(lexeme.role))) this.#reading.chatter.push(lexeme.text);
    else if (lexeme.kind === 'quantity') this.#takeQuantity(lexeme.quantity, lexeme.follows);
    else if (lexeme.kind === 'modifier') this.#takeModifier(lexeme.name, lexeme.text, lexeme.correction);
    else if (lexeme.kind === 'drink') this.#takeDrink(lexeme, rest);
    else if (lexeme.kind === 'unknown') this.#takeUnknown(lexeme.text);
    else if (lexeme.kind === 'role') this.#takeRole(lexeme.role, lexeme.text);
  }

  finish(): ClauseReading {
    const reading = this.#reading;
    reading.modifiers = this.#modifiers;
    reading.quantity = this.#quantity;
    reading.unknown = this.#unknown;
    return reading;
  }

  get #drink(): DrinkDraft | undefined {
    return this.#quantity || this.#modifiers.length > 0 ? undefined : this.#reading.drinks.at(-1);
  }

  #takeQuantity(quantity: Quantity, follows: boolean): void {
    const drink = this.#drink;
    if (follows && drink) {
      drink.quantity = drink.quantity ? { ...quantity, value: null, problem: 'unclear' } : quantity;
      return;
    }
    if (this.#quantity) {
      const text = `${this.#quantity.text} ${quantity.text}`;
      this.#quantity = { ...quantity, text, value: null, problem: 'unclear' };
      return;
    }
    this.#leadIn();
    this.#quantity = quantity;
  }

  #takeModifier(name: string, text: string, correction: string | null): void {
    this.#noteCorrection(text, correction);
    const drink = this.#drink;
    if (this.#withWord === 'without') this.#takeUnknown(text);
    else if (this.#reading.negation !== 'none') return; // "shaken, not stirred": what was not asked for is not asked for
    else if (drink) drink.modifiers.push(name);
    else this.#modifiers.push(name);
  }

  #takeDrink(lexeme: DrinkLexeme, rest: readonly Lexeme[]): void {
    const { meaning, text, correction } = lexeme;
    this.#noteCorrection(text, correction);
    const drink = this.#drink;
    if (drink && !drink.negated && this.#reading.negation !== 'none') return this.#takeUnknown(text); // "a martini no vodka"
    const modifiers = this.#listForBase(meaning.modifier, drink, rest);
    if (modifiers && meaning.modifier) modifiers.push(meaning.modifier);
    else if (this.#withWord && !this.#quantity) this.#takeUnknown(text);
    else if (drink) drink.runsInto.push(text);
    else this.#startDrink(lexeme);
  }

  /** Where a base liquor goes when it is one here: to the drink behind it ("vodka martini") or before it ("martini with gin", "martini gin"). */
  #listForBase(base: string | null, before: DrinkDraft | undefined, rest: readonly Lexeme[]): string[] | undefined {
    if (base === null || this.#withWord === 'without') return undefined;
    const behind = before ? undefined : drinkAhead(rest);
    if (behind && acceptsModifier(this.#menu, behind.meaning, base)) return this.#modifiers;
    if (before) return acceptsModifier(this.#menu, before.meaning, base) ? before.modifiers : undefined;
    return this.#withWord && !this.#quantity ? this.#modifiers : undefined; // ", with gin": the drink is in the clause before
  }

  #startDrink({ text, meaning }: DrinkLexeme): void {
    this.#reading.drinks.push({
      ...{ text, meaning, quantity: this.#quantity, modifiers: this.#modifiers, unknownBefore: this.#unknown },
      ...{ negated: this.#reading.negation !== 'none', unknownBehind: [], unknownWith: [], runsInto: [] },
    });
    this.#quantity = null;
    this.#modifiers = [];
    this.#unknown = [];
    this.#withWord = null;
    this.#namesPeople = false;
  }

  #takeUnknown(text: string): void {
    if (this.#withWord && this.#quantity && this.#reading.drinks.length > 0) this.#quantity = null; // "with a twist": the number is the twist's
    const drink = this.#drink;
    if (drink && this.#namesPeople) this.#reading.chatter.push(text);
    else if (this.#withWord) (drink ?? this.#reading).unknownWith.push(this.#withWord === 'without' ? `without ${text}` : text);
    else if (!drink) this.#unknown.push(text);
    else drink.unknownBehind.push(this.#reading.negation === 'clause' && !drink.negated ? `not ${text}` : text);
  }

  #takeRole(role: PhraseRole, text: string): void {
    const reading = this.#reading;
    if (role === 'polite') reading.polite = true;
    else if (role === 'amend') reading.amends = true;
    else if (role === 'with' || role === 'without') this.#withWord = role;
    else if (role === 'not' && this.#withWord) this.#withWord = 'without'; // "with no ice"
    else if (role === 'not') reading.negation = reading.negation === 'wish' ? 'wish' : 'clause';
    else if (role === 'not_wanted') reading.negation = 'wish';
    else if (role === 'condition') this.#takeCondition(text);
    else if (role === 'reason' || role === 'recipient') this.#explain(role, text);
    else if (role === 'determiner') this.#leadIn();
    else if (role === 'statement' || role === 'confirm' || role === 'imperative') {
      reading.statement = true;
      this.#explains = this.#drink !== undefined;
    }
  }

  /** What follows a condition is its content. */
  #takeCondition(text: string): void {
    this.#reading.conditions.push(text);
    this.#explains = this.#drink !== undefined;
  }

  /** Behind a drink a reason or a recipient is talk; before one it makes the drink part of the talk. */
  #explain(role: 'reason' | 'recipient', text: string): void {
    if (this.#drink && role === 'reason') this.#explains = true;
    else if (this.#drink) this.#namesPeople = true;
    else if (!text.startsWith('for ')) this.#unknown.push(text);
  }

  /** Unknown words before an article or a number lead in to a remark: "about the martini", "had two beers". */
  #leadIn(): void {
    if (this.#unknown.length === 0 || this.#drink) return;
    this.#reading.statement = true;
    this.#reading.chatter.push(...this.#unknown);
    this.#unknown = [];
  }

  #noteCorrection(said: string, read: string | null): void {
    if (read !== null) this.#reading.corrections.push({ said, read });
  }
}

/** True when every item that the name may mean takes this modifier; for the base liquors that is what makes a cocktail's "gin" no second drink. */
export function acceptsModifier(menu: Menu, drink: DrinkMeaning, modifier: string | null): boolean {
  const appliesTo = menu.modifiers.find((candidate) => candidate.name === modifier)?.appliesTo ?? [];
  return drink.candidates.every((name) => {
    const item = menu.items.find((candidate) => candidate.name === name);
    return item !== undefined && appliesTo.includes(item.kind);
  });
}

/** The drink that modifiers and fillers lead to, with nothing else in between. */
function drinkAhead(rest: readonly Lexeme[]): DrinkLexeme | undefined {
  const next = rest.find((lexeme) => lexeme.kind !== 'modifier' && !(lexeme.kind === 'role' && lexeme.role === 'filler'));
  return next?.kind === 'drink' ? next : undefined;
}
