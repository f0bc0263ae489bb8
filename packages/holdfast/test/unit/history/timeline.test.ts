import { describe, expect, it } from 'vitest';
import { renderTimeline, StateManager, type TimelineEntry } from 'holdfast';
import { openManager, order, Tab, Till, Wallet } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

const nine = Date.UTC(2026, 2, 1, 9);

async function evening() {
  let now = nine;
  const clock = (): number => (now += 60_000);
  const state = await StateManager.open({ store: testStore({ clock }), clock });
  const anna = state.conversation('anna');
  const [tab, wallet, till] = [await anna.get(Tab), await anna.get(Wallet), await state.team('bar').get(Till)];
  await tab.update((draft) => order(draft, 'Beer', 5), { actor: 'anna', cause: 'thirst', toolCall: 'call-1' });
  await anna.checkpoint('first', { tags: ['human'], description: 'so far so good' });
  await till.set({ taken: 1 });
  await state.transaction([wallet, till], ([from, to]) => {
    from.balance -= 5;
    to.taken += 5;
  });
  await anna.checkpoint('paid');
  return { state, anna, tab };
}

const shown = (entries: readonly TimelineEntry[]): unknown[] =>
  entries.map((entry) => (entry.kind === 'commit' ? entry.versions : entry.name));

describe('the timeline of an entity', () => {
  it('has its commits and checkpoints in the order of the log', async () => {
    const { state, anna } = await evening();
    const entries = await Array.fromAsync(anna.timeline());
    expect(shown(entries)).toEqual([{ tab: 1 }, 'first', { wallet: 1 }, 'paid']);
    expect(entries[0]).toMatchObject({ seq: 1, actor: 'anna', cause: 'thirst', toolCall: 'call-1' });
    expect(entries[1]).toEqual({ kind: 'checkpoint', ...(await anna.checkpoints())[0] });
    expect(entries[2]).toMatchObject({ flags: ['bound'], spans: 2 });
    await state.close();
  });

  it('begins and ends where it is asked to', async () => {
    const { state, anna } = await evening();
    const take = async (since: number, limit?: number): Promise<unknown> =>
      shown(await Array.fromAsync(anna.timeline({ since, ...(limit !== undefined && { limit }) })));
    expect(await take(0, 2)).toEqual([{ tab: 1 }, 'first']);
    expect(await take(1, 2)).toEqual(['first', { wallet: 1 }]);
    expect(await take(2)).toEqual([{ wallet: 1 }, 'paid']);
    expect(await take(0, 0)).toEqual([]);
    expect(await take(99)).toEqual([]);
    await state.close();
  });

  it('ends where the log ended when it was asked for, whatever is committed while it is read', async () => {
    const { state, anna, tab } = await evening();
    const seen: TimelineEntry[] = [];
    for await (const entry of anna.timeline()) {
      seen.push(entry);
      await tab.update((draft) => order(draft, 'Beer', 5));
      await anna.checkpoint(`late ${seen.length}`);
    }
    expect(shown(seen)).toEqual([{ tab: 1 }, 'first', { wallet: 1 }, 'paid']);
    await state.close();
  });

  it('is NOT_FOUND where nothing was committed', async () => {
    await using state = await openManager();
    await expect(Array.fromAsync(state.conversation('anna').timeline())).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

const entries: readonly TimelineEntry[] = [
  { kind: 'commit', seq: 7, at: nine, actor: 'anna', cause: 'thirst', versions: { tab: 1 } },
  {
    kind: 'checkpoint',
    seq: 12,
    at: nine + 5_000,
    name: 'before',
    versions: { tab: 1 },
    tags: ['human', 'plan'],
    description: 'so far so good',
  },
  { kind: 'commit', seq: 130, at: nine + 3_600_000, toolCall: 'call-2', flags: ['bound', 'effect'], versions: { tab: 2, wallet: 11 } },
  { kind: 'commit', seq: 131, at: nine + 7_200_000, actor: 'x'.repeat(70), cause: 'two\nlines\u202e\u0085 \u{1f37a}\u007f', versions: {} },
];

describe('a timeline as text', () => {
  it('is one aligned line for each entry, with control characters shown and long texts cut', () => {
    expect(renderTimeline(entries)).toBe(
      [
        '7    2026-03-01 09:00:00Z  tab 1             anna                                                          thirst',
        '12   2026-03-01 09:00:05Z  ◆ before                                                                        so far so good #human #plan',
        '130  2026-03-01 10:00:00Z  tab 2, wallet 11  (call-2)                                                      [bound] [effect]',
        `131  2026-03-01 11:00:00Z                    ${'x'.repeat(59)}…  two␊lines\\u{202e}\\u{85} \u{1f37a}␡`,
      ].join('\n'),
    );
  });

  it('says how long ago it was when it is told what time it is', () => {
    expect(renderTimeline(entries.slice(0, 3), { now: nine + 3_600_000 })).toBe(
      [
        '7    1 h ago     tab 1             anna      thirst',
        '12   59 min ago  ◆ before                    so far so good #human #plan',
        '130  now         tab 2, wallet 11  (call-2)  [bound] [effect]',
      ].join('\n'),
    );
    expect(renderTimeline(entries.slice(0, 1), { now: nine + 45_000 })).toBe('7  45 s ago  tab 1  anna  thirst');
    expect(renderTimeline(entries.slice(0, 1), { now: nine + 3 * 86_400_000 })).toBe('7  3 d ago  tab 1  anna  thirst');
    expect(renderTimeline(entries.slice(0, 1), { now: nine - 1 })).toBe('7  now  tab 1  anna  thirst');
  });

  it('is empty where nothing happened', () => {
    expect(renderTimeline([])).toBe('');
  });
});
