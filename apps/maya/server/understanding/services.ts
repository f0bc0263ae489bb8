import type { Menu } from '../menu/index.ts';
import type { UnderstandingConfig } from './config.ts';
import { findInquiry } from './inquiry.ts';
import type { Span, Token } from './tokens.ts';
import { findWishes } from './wishes.ts';

/** The stretches of a text that ask for something other than drinks; the reading of the order leaves them out. */
export function findServices(tokens: readonly Token[], menu: Menu, config: UnderstandingConfig): Span[] {
  const inquiry = findInquiry(tokens, config);
  const wishes = findWishes(tokens, menu).filter((wish) => wish.kind !== 'show_price'); // its drinks are read, as mentioned
  return inquiry ? [inquiry, ...wishes] : wishes;
}
