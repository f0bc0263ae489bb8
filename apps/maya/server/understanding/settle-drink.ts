import type { Menu } from '../menu/index.ts';
import type { UnderstandingConfig } from './config.ts';
import { acceptsModifier, type DrinkDraft } from './order-clause.ts';
import type { OpenReading, OrderedItem } from './order-reading.ts';
import type { QuantityProblem } from './quantities.ts';

/** A drink that was said, with what the clauses around it make of it. */
export interface SaidDrink {
  readonly draft: DrinkDraft;
  /** Talked about, not wished for. */
  readonly mention: boolean;
  /** "a martini or a beer": the drinks that were said in its place. */
  readonly alternatives: DrinkDraft[];
  /** "a martini, vodka": perhaps its base liquor, perhaps another drink. */
  readonly maybeBaseOf: SaidDrink | null;
  /** Its modifiers were offered for choice: "dry or dirty". */
  choice: boolean;
}

/** More unknown words than this behind a spirit are talk about it; up to this many make another drink of it: "whiskey sour". */
const LONGEST_SURNAME_WORDS = 2;

/** Files a drink where it belongs: into the items when nothing about it is open, else under all that is. */
export function settleDrink(drink: SaidDrink, reading: OpenReading, menu: Menu, config: UnderstandingConfig): void {
  const { draft } = drink;
  const [only] = draft.meaning.exact ? draft.meaning.candidates : [];
  const item = only ?? draft.text;
  const quantity = draft.quantity?.value ?? 1;
  const modifiers = [...new Set(draft.modifiers)];

  if (draft.negated) return void reading.negated.push(item);
  if (drink.mention) {
    reading.unread.push(...unknownParts(draft));
    for (const said of [draft, ...drink.alternatives]) reading.mentioned.push(...asMentioned(said));
    return;
  }
  const otherName = nameOfAnotherDrink(draft);
  if (otherName !== undefined) return void reading.unknownNames.push(otherName);

  const problem = quantityProblem(draft, config.maxQuantity);
  if (problem) reading.invalidQuantities.push({ text: draft.quantity?.text ?? draft.text, item: only ?? null, problem });
  for (const text of unknownParts(draft)) reading.unknownModifiers.push({ item, text });
  const conflict = drink.choice ? modifiers : conflictOf(modifiers, menu);
  if (conflict.length > 1) reading.conflictingModifiers.push({ item, modifiers: conflict });

  const candidates = candidatesOf(drink, menu);
  if (candidates) reading.ambiguousNames.push({ ...candidates, quantity, modifiers });
  else if (!problem && unknownParts(draft).length === 0 && conflict.length < 2 && only !== undefined) {
    reading.items.push({ item: only, quantity, modifiers });
  }
}

function asMentioned({ meaning, quantity, modifiers }: DrinkDraft): OrderedItem[] {
  const [item] = meaning.exact ? meaning.candidates : [];
  return item === undefined ? [] : [{ item, quantity: quantity?.value ?? 1, modifiers: [...new Set(modifiers)] }];
}

function unknownParts(draft: DrinkDraft): string[] {
  return [draft.unknownBefore, draft.unknownBehind, draft.unknownWith].map((words) => words.join(' ')).filter((text) => text !== '');
}

/** "whiskey soda" and "whiskey sour" are neither whiskey with a word nor two drinks; the whole name is asked back. */
function nameOfAnotherDrink({ text, meaning, unknownBefore, unknownBehind, unknownWith, runsInto }: DrinkDraft): string | undefined {
  const isSpirit = meaning.modifier !== null;
  const hasSurname =
    isSpirit &&
    unknownBehind.length > 0 &&
    unknownBehind.length <= LONGEST_SURNAME_WORDS &&
    !unknownBehind[0]?.startsWith('not ') &&
    unknownWith.length === 0;
  return runsInto.length > 0 || hasSurname ? [...unknownBefore, text, ...runsInto, ...unknownBehind].join(' ') : undefined;
}

function quantityProblem({ quantity, meaning }: DrinkDraft, maximum: number): QuantityProblem | null {
  if (!quantity) return meaning.plural ? 'unclear' : null;
  if (quantity.problem) return quantity.problem;
  if (quantity.value === null) return 'unclear';
  if (quantity.value < 1) return 'too_small';
  return quantity.value > maximum ? 'too_large' : null;
}

/** The modifiers of the first group that has more than one of them. */
function conflictOf(modifiers: readonly string[], menu: Menu): string[] {
  const groupOf = (name: string): string | null => menu.modifiers.find((modifier) => modifier.name === name)?.group ?? null;
  for (const name of modifiers) {
    const group = groupOf(name);
    const same = modifiers.filter((other) => group !== null && groupOf(other) === group);
    if (same.length > 1) return same;
  }
  return [];
}

/** What the name may mean when it does not say which drink is meant; null when it does. */
function candidatesOf({ draft, alternatives, maybeBaseOf }: SaidDrink, menu: Menu): { text: string; candidates: string[] } | null {
  const all = [draft, ...alternatives];
  const text = all.map((each) => each.text).join(' or ');
  const candidates = [...new Set(all.flatMap((each) => each.meaning.candidates))];
  if (alternatives.length > 0) return { text, candidates };
  const host = draft.meaning.modifier !== null && maybeBaseOf ? maybeBaseOf.draft : undefined;
  if (host?.modifiers.length === 0 && acceptsModifier(menu, host.meaning, draft.meaning.modifier)) {
    return { text, candidates: [...candidates, ...host.meaning.candidates] };
  }
  return draft.meaning.exact ? null : { text, candidates };
}
