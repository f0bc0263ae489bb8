import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { testStore } from '../../support/test-store.ts';
import { listen } from '../../support/channels.ts';
import { openManager, order, Tab } from '../../support/bar.ts';

describe('a lease', () => {
  it('is held by one holder at a time, which acquire says', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const lease = await anna.lease('turn', { holder: 'first' });
    await expect(anna.lease('turn', { holder: 'second' })).rejects.toMatchObject({
      code: 'LEASE_HELD',
      data: { holder: 'first', lease: 'turn' },
    });
    await anna.lease('other', { holder: 'second' });
    await lease.release();
    const next = await anna.lease('turn', { holder: 'second' });
    expect(next.token).toBeGreaterThan(lease.token);
  });

  it('tells who holds it, for as long as it is held', async () => {
    let now = 1_000_000;
    const clock = (): number => now;
    await using state = await StateManager.open({ store: testStore({ clock }), clock });
    const anna = state.conversation('anna');
    expect(await anna.leaseHolder('turn')).toBeUndefined();
    await using _lease = await anna.lease('turn', { holder: 'first', ttlMs: 500 });
    expect(await anna.leaseHolder('turn')).toEqual({ holder: 'first', expiresAt: 1_000_500 });
    now += 500;
    expect(await anna.leaseHolder('turn')).toBeUndefined();
  });

  it('is given back once: the second time leaves the next holder alone', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const lease = await anna.lease('turn', { holder: 'first' });
    await lease.release();
    const commits = listen('holdfast:commit');
    await lease.release();
    expect(commits).toEqual([]);
    await expect(lease.renew()).rejects.toMatchObject({ code: 'STALE_LEASE' });
  });

  it('is waited for, and passes on when it is released', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    const steps: string[] = [];
    const turn = async (name: string): Promise<void> => {
      await using _lease = await anna.lease('turn', { holder: name, waitMs: 5_000 });
      steps.push(`${name} begins`);
      await (await anna.get(Tab)).update((draft) => void (draft.note = name));
      steps.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map(turn));
    expect(steps.map((entry) => entry.split(' ')[1])).toEqual(['begins', 'ends', 'begins', 'ends', 'begins', 'ends']);
  });

  it('expires by the clock, and a commit under it is refused from then on', async () => {
    let now = 1_000_000;
    const clock = () => now;
    await using state = await StateManager.open({ store: testStore({ clock }), clock });
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    const lease = await anna.lease('turn', { holder: 'slow', ttlMs: 1_000 });
    await tab.update((draft) => order(draft, 'Beer', 5), { lease });
    now += 999;
    await lease.renew();
    now += 999;
    await tab.update((draft) => order(draft, 'Beer', 5), { lease });
    now += 2;
    await expect(tab.update((draft) => order(draft, 'Beer', 5), { lease })).rejects.toMatchObject({
      code: 'STALE_LEASE',
      data: { lease: 'turn' },
    });
    await expect(lease.renew()).rejects.toMatchObject({ code: 'STALE_LEASE' });
    const next = await anna.lease('turn', { holder: 'next', ttlMs: 1_000 });
    await lease.release();
    await tab.update((draft) => order(draft, 'Gin', 8), { lease: next });
    expect(tab.current.total).toBe(18);
  });

  it('does not stop commits that are made without it', async () => {
    await using state = await openManager();
    const anna = state.conversation('anna');
    await anna.lease('turn', { holder: 'first' });
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    expect(tab.version).toBe(1);
  });

  it.each(['', '$effect/x', '\u0007'])('refuses the name %j', async (name) => {
    await using state = await openManager();
    await expect(state.conversation('anna').lease(name, { holder: 'x' })).rejects.toMatchObject({ code: 'INVALID_ID' });
  });
});
