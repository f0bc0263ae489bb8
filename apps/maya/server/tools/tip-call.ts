import type { TipWish } from '../understanding/index.ts';

type ReadTipWish = Exclude<TipWish, { readonly kind: 'unclear_tip' }>;

/** The call that a wish to tip stands for. Said twice it is meant twice; only the page's buttons take a tip back by repeating it. */
export function tipCall(wish: ReadTipWish): [tool: string, input: { readonly [name: string]: number | null }] {
  if (wish.kind === 'add_tip') return ['add_tip', { amount: wish.amountCents / 100 }];
  return [wish.percentage === null ? 'set_tip' : 'add_tip', { percentage: wish.percentage }];
}
