import { describe, expect, it } from 'vitest';
import { loadMenu } from '../../server/menu/index.ts';
import { understand, type Understanding } from '../../server/understanding/index.ts';
import { HEARD, TRAPS } from './heard-at-the-bar.ts';

const menu = loadMenu();

describe('what is heard at the bar', () => {
  it('is understood as it was meant, nearly always', () => {
    const misread = HEARD.filter(([said, meant]) => !meant.split('|').includes(meaningOf(understand(said, { menu }))));
    const accuracy = (100 * (HEARD.length - misread.length)) / HEARD.length;
    process.stdout.write(`understanding: ${accuracy.toFixed(1)} % of ${HEARD.length} utterances\n`);
    // These are asked back, so nobody is charged for them.
    expect(misread.map(([said]) => `${said} → ${meaningOf(understand(said, { menu }))}`)).toEqual([
      'I need a whiskey, badly → ask',
      'tap beer tap beer → ask',
      'a martini? no, a negroni please → ask',
    ]);
  });

  it.each(TRAPS)('never charges nor asks for the bill: %s', (said) => {
    const { decision, inquiry } = understand(said, { menu, recentMessages: ['A martini, coming right up!'] });
    expect(decision.kind).not.toBe('add');
    expect(inquiry).toBeNull();
  });
});

/** In the form of the list. */
function meaningOf({ decision, inquiry, wishes, isCasual }: Understanding): string {
  if (decision.kind === 'add') return `order ${decision.items.map(lineOf).join(', ')}`;
  if (inquiry) return inquiry.kind;
  const [wish] = wishes;
  if (wish) return `wish ${wish.kind}`;
  if (decision.kind === 'ask') return 'ask';
  return isCasual ? 'casual' : 'nothing';
}

function lineOf({
  item,
  quantity,
  modifiers,
}: {
  readonly item: string;
  readonly quantity: number;
  readonly modifiers: readonly string[];
}): string {
  const made = modifiers.map((name) => name.toLowerCase()).toSorted();
  return [quantity, item, ...(made.length > 0 ? [made.join('+')] : [])].join(' ');
}
