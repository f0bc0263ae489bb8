import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineState, Secret, type EntityHandle, type StateHandle, type StateManager } from 'holdfast';
import { testStore } from '../../support/test-store.ts';
import { Config, openVault, type ConfigValue } from './config.ts';

async function started(): Promise<{ state: StateManager; bar: EntityHandle<'team'>; config: StateHandle<ConfigValue> }> {
  const state = await openVault();
  const bar = state.team('bar');
  const config = await bar.get(Config);
  await config.set({
    ...Config.initial,
    gemini: Secret.of('g1'),
    spare: [Secret.of('s1')],
    providers: { a: { key: Secret.of('a1'), model: 'm' } },
  });
  return { state, bar, config };
}

describe('a fork', () => {
  it('has null for secrets of a declared path, whoever forks', async () => {
    const { state, bar, config } = await started();
    await config.update((draft) => void (draft.spare = []));
    const fork = await bar.fork();
    expect((await fork.get(Config)).current).toMatchObject({ gemini: null, spare: [], providers: { a: { key: null, model: 'm' } } });
    const merged = await bar.merge(fork);
    expect(merged).toEqual({ seq: 0, conflicts: [] });
    expect(config.current.gemini?.reveal()).toBe('g1');
    await state.close();
  });

  it('has the secrets of the original when told so, as they are stored', async () => {
    const { state, bar, config } = await started();
    const fork = await (await bar.fork({ secrets: 'copy' })).get(Config);
    expect([fork.current.gemini?.reveal(), fork.current.spare[0]?.reveal()]).toEqual(['g1', 's1']);
    expect(fork.current.gemini?.fingerprint).toBe(config.current.gemini?.fingerprint);
    await state.close();
  });

  it('is merged with the secrets that it changed, and reports those that both did', async () => {
    const { state, bar, config } = await started();
    const fork = await bar.fork({ secrets: 'copy' });
    const theirs = await fork.get(Config);
    await theirs.update((draft) => void (draft.gemini = Secret.of('g2')));
    await config.update((draft) => void (draft.note = 'mine'));
    expect((await bar.merge(fork)).conflicts).toEqual([]);
    expect([config.current.gemini?.reveal(), config.current.spare[0]?.reveal(), config.current.note]).toEqual(['g2', 's1', 'mine']);
    await theirs.update((draft) => void (draft.gemini = Secret.of('g3')));
    await config.update((draft) => void (draft.gemini = Secret.of('g4')));
    const { seq, conflicts } = await bar.merge(fork);
    expect([seq, conflicts.map(({ path }) => path), JSON.stringify(conflicts)]).toEqual([
      0,
      [['gemini']],
      expect.not.stringContaining('g3'),
    ]);
    await bar.merge(fork, { resolve: ({ theirs: other }) => other });
    expect(config.current.gemini?.reveal()).toBe('g3');
    await state.close();
  });
});

describe('restoring', () => {
  it('leaves a state that holds secrets, now or then, unless it did not move', async () => {
    const { state, bar, config } = await started();
    const before = await bar.checkpoint('with secrets');
    expect(await bar.restore(before)).toBe(0);
    await config.set(Config.initial);
    const refused = { code: 'RESTORE_REFUSED', data: { bound: ['config'] } };
    await expect(bar.restore(before)).rejects.toMatchObject(refused);
    await bar.checkpoint('without');
    await config.update((draft) => void (draft.gemini = Secret.of('g2')));
    await expect(bar.restore('without')).rejects.toMatchObject(refused);
    expect(await bar.restore('without', { bound: 'keep' })).toBe(0);
    expect(config.current.gemini?.reveal()).toBe('g2');
    await state.close();
  });

  it('works for a state with secrets that holds none', async () => {
    await using state = await openVault();
    const bar = state.team('bar');
    const config = await bar.get(Config);
    await config.update((draft) => void (draft.note = 'one'));
    await bar.checkpoint('one');
    await config.update((draft) => void (draft.note = 'two'));
    await bar.restore('one');
    expect(config.current.note).toBe('one');
  });
});

describe('history', () => {
  it('tells who changed a secret, without it', async () => {
    const { state, config } = await started();
    await config.update((draft) => void (draft.gemini = Secret.of('g2')), { actor: 'anna' });
    await config.update((draft) => void (draft.note = 'later'), { actor: 'ben' });
    expect(await config.blame(['gemini'])).toMatchObject({ version: 2, actor: 'anna' });
    expect(await config.bisect(({ gemini }) => gemini?.reveal() === 'g1')).toMatchObject({ version: 2 });
    await state.close();
  });
});

describe('a fork without secrets of a state that needs them', () => {
  const Needy = defineState({
    name: 'needy',
    scope: 'team',
    schema: z.strictObject({ keys: z.array(z.instanceof(Secret)) }),
    initial: { keys: [] },
    secrets: ['keys.*'],
  });

  it('is refused before anything is written, naming the place; with them it is made', async () => {
    const store = testStore();
    await using state = await openVault({ store });
    const bar = state.team('bar');
    await (await bar.get(Needy)).set({ keys: [Secret.of('one')] });
    const { seq } = await store.log(0, {}, 100);
    await expect(bar.fork({ id: 'copy' })).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
      data: { entity: 'team:bar', state: 'needy', issues: [{ path: ['keys', 0] }] },
    });
    expect((await store.log(0, {}, 100)).seq).toBe(seq);
    const fork = await bar.fork({ id: 'copy', secrets: 'copy' });
    expect((await fork.get(Needy)).current.keys[0]?.reveal()).toBe('one');
  });
});
