import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineState, StateManager } from 'holdfast';
import { Till } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

const define = (versions?: number) =>
  defineState({
    name: 'tally',
    scope: 'conversation',
    schema: z.strictObject({ count: z.int() }),
    initial: { count: 0 },
    ...(versions !== undefined && { retention: { versions } }),
  });

async function counted(versions: number, times: number, checkpointAt?: number) {
  const store = testStore();
  const state = await StateManager.open({ store });
  const anna = state.conversation('anna');
  const tally = await anna.get(define(versions));
  for (let count = 1; count <= times; count++) {
    await tally.update((draft) => void (draft.count = count), { actor: `click ${count}` });
    if (count === checkpointAt) await anna.checkpoint('kept');
  }
  await state.flush();
  return { state, store, anna, tally };
}

describe('retention', () => {
  it('keeps the newest versions and lets older ones go', async () => {
    const { state, tally } = await counted(10, 40);
    for (let version = 31; version <= 40; version++) expect(await tally.at(version)).toEqual({ count: version });
    await expect(tally.at(20)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await Array.fromAsync(tally.history())).length).toBeLessThanOrEqual(13);
    await state.close();
  });

  it('keeps what a checkpoint names, however old, and restores it', async () => {
    const { state, anna, tally } = await counted(10, 40, 5);
    expect(await tally.at(5)).toEqual({ count: 5 });
    await expect(tally.at(6)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await anna.restore('kept');
    expect([tally.version, tally.current.count]).toEqual([41, 5]);
    await state.close();
  });

  it('lets a version go once its checkpoint is removed', async () => {
    const { state, anna, tally } = await counted(10, 40, 5);
    await anna.removeCheckpoint('kept');
    for (let count = 0; count < 10; count++) await tally.update((draft) => void (draft.count += 1));
    await state.flush();
    await expect(tally.at(5)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await tally.at(45)).count).toBe(45);
    await state.close();
  });

  it('says when provenance ends at what is kept', async () => {
    const { state, tally } = await counted(10, 40);
    const oldest = (await Array.fromAsync(tally.history()))[0]!;
    for (let again = 0; again < 3; again++) await tally.update((draft) => void (draft.count = 7));
    expect(await tally.blame([])).toMatchObject({ version: 41, isAtOrBefore: false });
    expect(oldest.version).toBeGreaterThan(25);
    await state.close();
  });

  it('does not forget that a state is bound', async () => {
    const { state, anna, tally } = await counted(10, 3, 3);
    const till = await state.team('bar').get(Till);
    await state.transaction([tally, till], ([from, to]) => {
      from.count += 1;
      to.taken += 1;
    });
    for (let count = 0; count < 40; count++) await tally.update((draft) => void (draft.count += 1));
    await state.flush();
    await expect(anna.restore('kept')).rejects.toMatchObject({ code: 'RESTORE_REFUSED', data: { bound: ['tally'] } });
    await state.close();
  });

  it('survives closing and opening', async () => {
    const { state, store } = await counted(10, 40, 5);
    await state.close();
    await using again = await StateManager.open({ store });
    const reopened = await again.conversation('anna').get(define(10));
    expect([reopened.version, reopened.current.count, (await reopened.at(5)).count]).toEqual([40, 40, 5]);
    for (let count = 41; count <= 60; count++) await reopened.update((draft) => void (draft.count = count));
    await again.flush();
    expect((await reopened.at(55)).count).toBe(55);
    await expect(reopened.at(40)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await reopened.at(5)).count).toBe(5);
  });

  it('keeps everything when asked to, and refuses a number that is none', async () => {
    const { state, tally } = await counted(Number.POSITIVE_INFINITY, 30);
    expect(await tally.at(1)).toEqual({ count: 1 });
    await state.close();
    expect(define().retention).toEqual({ versions: 1_000 });
    for (const versions of [0, -1, 1.5, Number.NaN])
      expect(() => define(versions)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  });
});
