import { z } from 'zod';
import { recommend, type RecommendedDrink } from '../menu/index.ts';
import { formatAmount } from '../orders/format-amount.ts';
import { defineTool } from './bar-tool.ts';

export const getMenu = defineTool({
  name: 'get_menu',
  title: 'Menu',
  description: 'Lists the drinks with their prices, and the modifiers that drinks can be ordered with.',
  hints: { readOnly: true },
  input: z.object({}),
  invalidInput: 'ITEM_NOT_FOUND',
  run: async (_input, { menu }) => ({
    result: {
      items: menu.items.map(({ name, kind, price }) => ({ name, kind, price: formatAmount(price.amount) })),
      modifiers: menu.modifiers.map(({ name }) => name),
      defaultBaseLiquor: menu.defaultBaseLiquor,
    },
    summary: `${menu.items.length} drinks`,
  }),
});

export const getRecommendation = defineTool({
  name: 'get_recommendation',
  title: 'Recommendation',
  description: 'Recommends drinks for a preference: sobering, classy, fruity, strong, burning, or anything else.',
  hints: { readOnly: true },
  input: z.object({ preference: z.string().max(80).nullish() }),
  invalidInput: 'ITEM_NOT_FOUND',
  run: async ({ preference = null }, { menu }) => {
    const found = recommend(menu, preference);
    const drinks = found.drinks.map(drinkName);
    return { result: { preference: found.preference, drinks }, summary: drinks.join(', ') };
  },
});

function drinkName({ item, modifiers }: RecommendedDrink): string {
  return [item, ...modifiers].join(' ');
}
