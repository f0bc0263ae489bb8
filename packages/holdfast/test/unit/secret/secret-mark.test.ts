import { describe, expect, it } from 'vitest';
import { defineEffect, defineState, freeForm, Secret, StateManager, type FreeForm, type StateDefinition } from 'holdfast';
import { z } from 'zod';
import { openManager } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';
import { Config, testKeys } from './config.ts';

const Notes: StateDefinition<FreeForm, 'team', 'notes'> = defineState({ name: 'notes', scope: 'team', schema: freeForm, initial: {} });
/** What the engine stores of a secret, as somebody might write it. */
const lookAlike = { $secret: 1, kid: 'k', at: 'a', fp: 'a1b2c3d4', iv: 'i', data: 'd' } as const;
const refused = (...path: readonly (string | number)[]): object => ({
  code: 'VALIDATION_FAILED',
  data: { issues: [{ path: [...path, '$secret'] }] },
});

describe('the mark of a stored secret', () => {
  it('is refused as a key by every way of writing, however deep', async () => {
    await using state = await openManager();
    const notes = await state.team('bar').get(Notes);
    await expect(notes.update((draft) => void (draft['a'] = [{ ...lookAlike }]))).rejects.toMatchObject(refused('a', 0));
    await expect(notes.update((draft) => void (draft['$secret'] = null))).rejects.toMatchObject(refused());
    await expect(notes.set({ a: lookAlike })).rejects.toMatchObject(refused('a'));
    await expect(notes.set(JSON.parse(`{ "a": { "b": ${JSON.stringify(lookAlike)} } }`) as FreeForm)).rejects.toMatchObject(
      refused('a', 'b'),
    );
    expect(notes.version).toBe(0);
    const define = async (): Promise<unknown> => defineState({ ...Notes, initial: { a: lookAlike } });
    await expect(define()).rejects.toMatchObject(refused('a'));
  });

  it('is refused in what a merge is resolved with', async () => {
    await using state = await openManager();
    const original = state.team('bar');
    const notes = await original.get(Notes);
    await notes.set({ a: 'base' });
    const fork = await original.fork();
    await (await fork.get(Notes)).set({ a: 'theirs' });
    await notes.set({ a: 'ours' });
    await expect(original.merge(fork, { resolve: () => lookAlike })).rejects.toMatchObject(refused('a'));
    expect(notes.current).toEqual({ a: 'ours' });
  });

  it('is refused in what a migration makes', async () => {
    const store = testStore();
    const before = await StateManager.open({ store });
    await (await before.team('bar').get(Notes)).set({ a: 'text' });
    await before.close();
    await using state = await StateManager.open({ store });
    const Next = defineState({ ...Notes, version: 2, migrations: { 2: () => ({ a: lookAlike }) } });
    await expect(state.team('bar').get(Next)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
  });

  it('is refused in the input of an effect', async () => {
    const Send = defineEffect({
      name: 'send',
      input: z.unknown(),
      output: z.null(),
      states: [],
      run: async () => null,
      settle: () => undefined,
    });
    await using state = await openManager({ effects: [Send] });
    const notes = await state.team('bar').get(Notes);
    const sent = notes.update((_draft, tx) => tx.effect(Send, { key: 'k', input: { a: lookAlike } }));
    await expect(sent).rejects.toMatchObject(refused('a'));
  });

  it('is read where it stands rightly, and does not get from there into another state', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const newer = await StateManager.open({ store, keys });
    const Newer = defineState({ ...Config, version: 2 });
    await (await newer.team('bar').get(Newer)).update((draft) => void (draft.gemini = Secret.of('canary')));
    await newer.close();

    await using older = await StateManager.open({ store });
    const Older = defineState({ name: Config.name, scope: Config.scope, schema: freeForm, initial: {} });
    const raw = (await older.team('bar').get(Older)).current;
    expect(raw['gemini']).toMatchObject({ $secret: 1, at: 'gemini' });
    expect(Object.isFrozen(raw['gemini'])).toBe(true);
    const notes = await older.team('bar').get(Notes);
    await expect(notes.set({ copy: raw['gemini'] ?? null })).rejects.toMatchObject(refused('copy'));
  });
});
