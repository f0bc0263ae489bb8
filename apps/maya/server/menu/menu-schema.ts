import { money } from 'holdfast/money';
import { z } from 'zod';
import { CURRENCY } from '../state/index.ts';
import { nameKey } from './name-key.ts';

const DRINK_KINDS = ['cocktail', 'beer', 'spirit', 'soft'] as const;

/** Above this a price is a slip of the pen, not a drink: 10,000.00. */
const HIGHEST_PRICE_CENTS = 1_000_000;

const Name = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/[\p{L}\p{N}]/u, 'must contain a letter or a digit');
const Aliases = z.array(Name).readonly().default([]);
const DrinkKindSchema = z.enum(DRINK_KINDS);

const ItemSchema = z.strictObject({
  name: Name,
  kind: DrinkKindSchema,
  priceCents: z.int().min(0).max(HIGHEST_PRICE_CENTS),
  aliases: Aliases,
});

const ModifierSchema = z.strictObject({
  name: Name,
  /** A drink has at most one modifier of a group: one base liquor, either shaken or stirred. */
  group: Name.nullable().default(null),
  appliesTo: z.array(DrinkKindSchema).min(1).readonly().default(DRINK_KINDS),
  aliases: Aliases,
});

/** Names that do not say which drink is meant: the guest is asked which one. */
const LooseNameSchema = z.strictObject({
  names: z.array(Name).min(1).readonly(),
  mayMean: z.array(Name).min(1).readonly(),
});

const RecommendedDrinkSchema = z.strictObject({ item: Name, modifiers: z.array(Name).readonly().default([]) });

const RecommendationSchema = z.strictObject({
  preference: Name,
  words: z.array(Name).readonly().default([]),
  drinks: z.array(RecommendedDrinkSchema).min(1).readonly(),
});

const MenuFileSchema = z.strictObject({
  bar: z.strictObject({ name: Name, spokenAs: Name }),
  currency: z.literal(CURRENCY, `must be ${CURRENCY}, in which the bar keeps its tabs`),
  items: z.array(ItemSchema).min(1).readonly(),
  looseNames: z.array(LooseNameSchema).readonly().default([]),
  modifiers: z.array(ModifierSchema).readonly().default([]),
  /** What a cocktail is made with when the guest names no base liquor; a modifier's name. */
  defaultBaseLiquor: Name.nullable().default(null),
  recommendations: z.array(RecommendationSchema).readonly().default([]),
  otherwiseRecommend: z.array(RecommendedDrinkSchema).min(1).readonly(),
});

/** Checks a menu file's content and turns its prices into money. */
export const MenuSchema = MenuFileSchema.superRefine(checkNames).transform(({ items, currency, ...rest }) => ({
  ...rest,
  currency,
  items: items.map(({ priceCents, ...item }) => ({ ...item, price: money(priceCents, currency) })) as readonly PricedItem[],
}));

type MenuFile = z.output<typeof MenuFileSchema>;
type PricedItem = Readonly<Omit<z.output<typeof ItemSchema>, 'priceCents'> & { price: ReturnType<typeof money> }>;

/** The bar's menu as the whole application sees it; read-only. */
export type Menu = z.output<typeof MenuSchema>;
export type MenuItem = Menu['items'][number];
export type Modifier = Menu['modifiers'][number];
export type DrinkKind = z.output<typeof DrinkKindSchema>;
export type RecommendedDrink = Menu['otherwiseRecommend'][number];

type Context = z.core.$RefinementCtx<MenuFile>;
type Path = (string | number)[];

/** No name may mean two things, and every name that is referred to must exist. */
function checkNames(menu: MenuFile, context: Context): void {
  const drinks = new NameRegister(context);
  menu.items.forEach((item, index) => drinks.addAll([item.name, ...item.aliases], ['items', index]));
  menu.looseNames.forEach((loose, index) => drinks.addAll(loose.names, ['looseNames', index]));
  const modifiers = new NameRegister(context);
  menu.modifiers.forEach((modifier, index) => modifiers.addAll([modifier.name, ...modifier.aliases], ['modifiers', index]));
  const preferences = new NameRegister(context);
  menu.recommendations.forEach((entry, index) => preferences.addAll([entry.preference, ...entry.words], ['recommendations', index]));

  const itemNames = new Set(menu.items.map((item) => item.name));
  const modifierNames = new Set(menu.modifiers.map((modifier) => modifier.name));
  const requireKnown = (known: Set<string>, what: string, name: string, path: Path): void => {
    if (!known.has(name)) context.addIssue({ code: 'custom', path, message: `"${name}" is no ${what} of this menu` });
  };
  const requireDrinks = (list: MenuFile['otherwiseRecommend'], path: Path): void =>
    list.forEach((drink, index) => {
      requireKnown(itemNames, 'item', drink.item, [...path, index, 'item']);
      drink.modifiers.forEach((name, at) => requireKnown(modifierNames, 'modifier', name, [...path, index, 'modifiers', at]));
    });

  menu.looseNames.forEach((loose, index) =>
    loose.mayMean.forEach((name, at) => requireKnown(itemNames, 'item', name, ['looseNames', index, 'mayMean', at])),
  );
  menu.recommendations.forEach((entry, index) => requireDrinks(entry.drinks, ['recommendations', index, 'drinks']));
  requireDrinks(menu.otherwiseRecommend, ['otherwiseRecommend']);
  if (menu.defaultBaseLiquor !== null) requireKnown(modifierNames, 'modifier', menu.defaultBaseLiquor, ['defaultBaseLiquor']);
}

/** Remembers who took a name first and reports the second taker. */
class NameRegister {
  readonly #context: Context;
  readonly #takenBy = new Map<string, string>();

  constructor(context: Context) {
    this.#context = context;
  }

  addAll(names: readonly string[], path: Path): void {
    for (const name of names) {
      const owner = this.#takenBy.get(nameKey(name));
      if (owner === undefined) this.#takenBy.set(nameKey(name), path.join('.'));
      else this.#context.addIssue({ code: 'custom', path, message: `the name "${name}" is already taken by ${owner}` });
    }
  }
}
