import type { QuantityProblem } from './quantities.ts';

/** A drink as it can be added to the order; names are the menu's own. */
export interface OrderedItem {
  readonly item: string;
  readonly quantity: number;
  readonly modifiers: readonly string[];
}

/**
 * What a text says about an order. `items` can be ordered as they are; the five lists after it are to be asked back and are in no item;
 * the rest says what was seen besides. Item names are the menu's own, texts are what was said (normalised).
 */
export interface OrderReading {
  readonly items: readonly OrderedItem[];
  /** Quantities that cannot be ordered, with the item where it is known. */
  readonly invalidQuantities: readonly { readonly text: string; readonly item: string | null; readonly problem: QuantityProblem }[];
  /** Drinks that are not on the menu. */
  readonly unknownNames: readonly string[];
  /** Names that may mean several items, or one that must not be taken for granted. */
  readonly ambiguousNames: readonly AmbiguousName[];
  /** What is wished for with a drink of the menu and is none of its modifiers; the drink is not in `items`. */
  readonly unknownModifiers: readonly { readonly item: string; readonly text: string }[];
  /** Modifiers that exclude each other; the drink is not in `items`. */
  readonly conflictingModifiers: readonly { readonly item: string; readonly modifiers: readonly string[] }[];
  /** Words that may take the wish back or tie it to something ("if", "later", "wait"): nothing should be ordered unasked. */
  readonly conditions: readonly string[];
  /** Drinks that were said not to be wanted. */
  readonly negated: readonly string[];
  /** Items of the menu that are talked about and not wished for: "how is the martini?" */
  readonly mentioned: readonly OrderedItem[];
  /** Typing errors that were read as a name. */
  readonly corrections: readonly { readonly said: string; readonly read: string }[];
  /** What was passed over as talk. */
  readonly unread: readonly string[];
}

/** A name that is asked back; quantity and modifiers are kept for the answer. */
export interface AmbiguousName {
  readonly text: string;
  readonly candidates: readonly string[];
  readonly quantity: number;
  readonly modifiers: readonly string[];
}

/** The reading while it is put together. */
export type OpenReading = { -readonly [Field in keyof OrderReading]: OrderReading[Field][number][] };

export function emptyReading(): OpenReading {
  return {
    ...{ items: [], invalidQuantities: [], unknownNames: [], ambiguousNames: [], unknownModifiers: [], conflictingModifiers: [] },
    ...{ conditions: [], negated: [], mentioned: [], corrections: [], unread: [] },
  };
}

/** True when something has to be asked back before all of the wish is understood. */
export function needsAsking(reading: OrderReading): boolean {
  const { invalidQuantities, unknownNames, ambiguousNames, unknownModifiers, conflictingModifiers, conditions } = reading;
  return [invalidQuantities, unknownNames, ambiguousNames, unknownModifiers, conflictingModifiers, conditions].some(
    (list) => list.length > 0,
  );
}
