import type { Menu, MenuItem, Modifier, RecommendedDrink } from './menu-schema.ts';
import { nameKey } from './name-key.ts';

/** The item of this name or alias, in any case and hyphenation; undefined when the menu has none. Loose names find nothing. */
export function findItem(menu: Menu, name: string): MenuItem | undefined {
  return findNamed(menu.items, name);
}

/** The modifier of this name or alias; undefined when the menu has none. */
export function findModifier(menu: Menu, name: string): Modifier | undefined {
  return findNamed(menu.modifiers, name);
}

export interface Recommendation {
  /** The preference as the menu names it; null when the menu has none such and gives its general list. */
  readonly preference: string | null;
  readonly drinks: readonly RecommendedDrink[];
}

/** What the bar recommends for a preference ("fruity", or one of its other words such as "sweet"). */
export function recommend(menu: Menu, preference: string | null): Recommendation {
  const key = nameKey(preference ?? '');
  const entry = menu.recommendations.find((candidate) => [candidate.preference, ...candidate.words].some((word) => nameKey(word) === key));
  return entry ? { preference: entry.preference, drinks: entry.drinks } : { preference: null, drinks: menu.otherwiseRecommend };
}

/** Names go before aliases, though a valid menu never has both. */
function findNamed<T extends { readonly name: string; readonly aliases: readonly string[] }>(
  list: readonly T[],
  name: string,
): T | undefined {
  const key = nameKey(name);
  return list.find((entry) => nameKey(entry.name) === key || entry.aliases.some((alias) => nameKey(alias) === key));
}
