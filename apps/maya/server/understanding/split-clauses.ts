import type { Menu } from '../menu/index.ts';
import type { Lexeme } from './lexemes.ts';
import type { PhraseRole } from './order-phrases.ts';

/** How a clause is joined to the one before; "flow" is a wish that begins without any separator: "… i'd like". */
export type Joint = 'start' | 'comma' | 'and' | 'or' | 'but' | 'flow';

export interface Clause {
  readonly joint: Joint;
  /** A wish begins here: "i'd like". */
  readonly asked: boolean;
  readonly lexemes: readonly Lexeme[];
}

interface OpenClause {
  joint: Joint;
  asked: boolean;
  readonly lexemes: Lexeme[];
}

const WITHOUT_CONTENT: readonly PhraseRole[] = ['filler', 'polite', 'determiner'];

/** Cuts a sentence at commas, "and", "or", "but" and the beginnings of wishes. `confirming` takes "here's your" as such a beginning too. */
export function splitClauses(sentence: readonly Lexeme[], menu: Menu, confirming: boolean): Clause[] {
  let clause: OpenClause = { joint: 'start', asked: false, lexemes: [] };
  const clauses = [clause];
  const begin = (joint: Joint, asked: boolean): void => {
    clause = { joint, asked, lexemes: [] };
    clauses.push(clause);
  };
  for (const lexeme of sentence) {
    const joint = jointOf(lexeme);
    if (joint) {
      if (hasSaid(clause)) begin(joint, false);
      else if (clauses.length > 1 && joint !== 'and') clause.joint = joint; // ", or" is an or; ", and" stays a comma
    } else if (beginsWish(lexeme, clause.lexemes, confirming)) {
      if (contentOf(clause.lexemes).length === 0) clause.asked = true;
      else begin('flow', true);
    } else {
      clause.lexemes.push(lexeme);
    }
  }
  return joinMixedDrinks(joinSplitModifiers(clauses.filter(hasSaid)), menu);
}

/** What a clause says besides courtesies. */
export function contentOf(lexemes: readonly Lexeme[]): Lexeme[] {
  return lexemes.filter((lexeme) => !(lexeme.kind === 'role' && WITHOUT_CONTENT.includes(lexeme.role)));
}

function hasSaid(clause: Clause): boolean {
  return clause.asked || clause.lexemes.length > 0;
}

function jointOf(lexeme: Lexeme): Joint | undefined {
  if (lexeme.kind === 'comma') return 'comma';
  if (lexeme.kind === 'role' && (lexeme.role === 'and' || lexeme.role === 'or' || lexeme.role === 'but')) return lexeme.role;
  return undefined;
}

function beginsWish(lexeme: Lexeme, before: readonly Lexeme[], confirming: boolean): boolean {
  if (lexeme.kind !== 'role') return false;
  if (lexeme.role === 'ask' || (lexeme.role === 'confirm' && confirming)) return true;
  return lexeme.role === 'imperative' && contentOf(before).length === 0;
}

/** "a dry and dirty martini": modifiers cut off from the drink that follows are put before it again. */
function joinSplitModifiers(clauses: readonly Clause[]): Clause[] {
  const joined: Clause[] = [];
  for (const clause of clauses) {
    const before = joined.at(-1);
    const isList = clause.joint === 'and' || clause.joint === 'comma';
    if (before && isList && !clause.asked && waitsForDrink(before, joined) && /^m+d/.test(shapeOf(clause))) {
      joined[joined.length - 1] = { ...before, lexemes: [...before.lexemes, ...clause.lexemes] };
    } else {
      joined.push(clause);
    }
  }
  return joined;
}

function waitsForDrink(clause: Clause, clauses: readonly Clause[]): boolean {
  const shape = shapeOf(clause);
  return /^qm+$/.test(shape) || (/^m+$/.test(shape) && !clauses.some((other) => shapeOf(other).includes('d')));
}

/**
 * "gin and tonic", "g and t", "whiskey and soda": a spirit or a letter joined by a bare "and" to what it is commonly mixed with names one drink,
 * and one that is not on the menu. It becomes one unknown name, so that neither half is ordered by guess.
 */
function joinMixedDrinks(clauses: readonly Clause[], menu: Menu): Clause[] {
  const joined: Clause[] = [];
  for (const clause of clauses) {
    const before = joined.at(-1);
    const first = before && contentOf(before.lexemes);
    const base = first?.at(-1);
    const mixer = contentOf(clause.lexemes);
    const isPair = before && base && clause.joint === 'and' && !clause.asked && /^q?[du]$/.test(shapeOf(before));
    if (!isPair || !isMixable(base) || !isMixer(base, mixer, menu)) {
      joined.push(clause);
      continue;
    }
    const text = [base, { text: 'and' }, ...mixer].map((part) => part.text).join(' ');
    const rest = clause.lexemes.filter((lexeme) => !mixer.includes(lexeme));
    joined[joined.length - 1] = {
      ...before,
      lexemes: [...before.lexemes.filter((lexeme) => lexeme !== base), { kind: 'unknown', text }, ...rest],
    };
  }
  return joined;
}

function isMixable(lexeme: Lexeme): boolean {
  return lexeme.kind === 'drink' ? lexeme.meaning.modifier !== null : lexeme.kind === 'unknown' && lexeme.text.length <= 2;
}

function isMixer(base: Lexeme, mixer: readonly Lexeme[], menu: Menu): boolean {
  const [first] = mixer;
  if (!first || mixer.length > 2) return false;
  if (mixer.every((lexeme) => lexeme.kind === 'unknown')) return true;
  if (mixer.length > 1 || first.kind !== 'drink' || base.kind !== 'drink') return false;
  return first.meaning.candidates.every((name) => menu.items.find((item) => item.name === name)?.kind === 'soft');
}

/** One letter a lexeme: quantity, modifier, drink, unknown, other role. */
function shapeOf(clause: Clause): string {
  return contentOf(clause.lexemes)
    .map((lexeme) => (lexeme.kind === 'role' ? 'r' : lexeme.kind[0]))
    .join('');
}
