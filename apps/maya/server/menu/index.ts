export { loadMenu, parseMenu } from './load-menu.ts';
export { findItem, findModifier, recommend } from './find-in-menu.ts';
export type { Recommendation } from './find-in-menu.ts';
export type { DrinkKind, Menu, MenuItem, Modifier, RecommendedDrink } from './menu-schema.ts';
