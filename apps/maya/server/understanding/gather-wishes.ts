import type { Menu } from '../menu/index.ts';
import { readClause, type ClauseReading, type Negation } from './order-clause.ts';
import { contentOf, type Clause } from './split-clauses.ts';

/** A wish with all the clauses that continue it. */
export interface SpokenWish {
  asked: boolean;
  mention: boolean;
  /** A clause of it is about something else: a bare name beside it is no order. */
  talks: boolean;
  readonly clauses: { readonly clause: Clause; readonly reading: ClauseReading }[];
}

/** Puts the clauses that one wish or remark governs together, with negations carried along. */
export function gatherWishes(clauses: readonly Clause[], menu: Menu, isQuestion: boolean): SpokenWish[] {
  const wishes: SpokenWish[] = [];
  let wish: SpokenWish | undefined;
  let before: ClauseReading | undefined;
  for (const clause of clauses) {
    const reading = readClause(clause.lexemes, menu, before ? inheritedNegation(before, clause) : 'none');
    const isRemark = wish?.clauses.some((entry) => entry.reading.statement) ?? false;
    const breaksOff =
      clause.joint === 'but' || (clause.asked && clause.joint !== 'flow') || (reading.polite && isRemark && !reading.statement);
    const flowsFromTalk =
      clause.joint === 'flow' && before && !before.statement && before.negation === 'none' && before.conditions.length === 0;
    if (!wish || breaksOff || flowsFromTalk) {
      wish = { asked: false, mention: false, talks: false, clauses: [] };
      wishes.push(wish);
    } else if (clause.joint === 'flow' && before?.statement) {
      wish.mention = true; // "why would i want a …"
    }
    wish.clauses.push({ clause, reading });
    wish.asked ||= clause.asked || reading.polite;
    wish.talks ||= reading.drinks.length === 0 && reading.unknown.length > 0;
    wish.mention ||= reading.statement && reading.drinks.length > 0;
    before = reading;
  }
  for (const each of wishes) each.mention ||= isQuestion && !each.asked;
  return wishes;
}

function inheritedNegation(before: ClauseReading, clause: Clause): Negation {
  if (clause.joint === 'but' || (clause.asked && clause.joint !== 'flow')) return 'none';
  if (clause.joint === 'comma') {
    const startsAnew = clause.lexemes.some(
      (lexeme) => lexeme.text === 'just' || lexeme.text === 'only' || (lexeme.kind === 'role' && lexeme.role === 'polite'),
    );
    return before.negation === 'wish' && !startsAnew ? 'wish' : 'none';
  }
  const hasOwnNumber = contentOf(clause.lexemes)[0]?.kind === 'quantity' && !before.drinks.at(-1)?.quantity;
  return clause.joint === 'and' && before.negation === 'clause' && hasOwnNumber ? 'none' : before.negation; // "no beer and a martini"
}
