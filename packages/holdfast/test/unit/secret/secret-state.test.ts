import { setImmediate as turn } from 'node:timers/promises';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import { defineState, Secret, StateManager } from 'holdfast';
import { z } from 'zod';
import { testStore } from '../../support/test-store.ts';
import { Config, newKey, openVault, testKeys, type ConfigValue } from './config.ts';

const key = (text: string, model = 'm'): { key: Secret; model: string } => ({ key: Secret.of(text), model });

const withGemini = (text: string): ConfigValue => ({ ...Config.initial, gemini: Secret.of(text) });

describe('a state with secrets', () => {
  it('gives them back by every way of writing, and after opening anew', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const first = await StateManager.open({ store, keys });
    const config = await first.team('bar').get(Config);
    await config.set({ gemini: Secret.of('g1'), providers: { a: key('a1') }, spare: [], note: '' });
    await config.update((draft) => {
      draft.providers['b'] = key('b1');
      draft.spare.push(Secret.of('s1'), Secret.of('s2'));
    });
    await config.update((draft) => void draft.spare.shift());
    const revealed = (value: typeof config.current): unknown => [
      value.gemini?.reveal(),
      value.providers['a']?.key?.reveal(),
      value.providers['b']?.key?.reveal(),
      value.spare.map((each) => each.reveal()),
    ];
    expect(revealed(config.current)).toEqual(['g1', 'a1', 'b1', ['s2']]);
    await first.close();
    await using second = await StateManager.open({ store, keys });
    const again = await second.team('bar').get(Config);
    expect(revealed(again.current)).toEqual(['g1', 'a1', 'b1', ['s2']]);
    expect((await again.at(1)).gemini?.reveal()).toBe('g1');
    expect((await again.at(2)).spare.map((each) => each.reveal())).toEqual(['s1', 's2']);
    expect(Object.isFrozen(again.current)).toBe(true);
  });

  it('shows a fingerprint that is the same for the same text of a subject, and another for another subject', async () => {
    await using state = await openVault();
    const [bar, cafe] = [await state.team('bar').get(Config), await state.team('cafe').get(Config)];
    for (const each of [bar, cafe])
      await each.update((draft) => void (draft.providers = { a: key('same'), b: key('same'), c: key('other') }));
    const [a, b, c] = ['a', 'b', 'c'].map((name) => String(bar.current.providers[name]?.key));
    expect(a).toMatch(/^\[secret [0-9a-f]{8}\]$/);
    expect([b, c === a, String(cafe.current.providers['a']?.key) === a]).toEqual([a, false, false]);
    expect(JSON.parse(JSON.stringify(bar.current))).toMatchObject({ providers: { a: { key: a } } });
  });

  it('refuses a plain text where a secret belongs, with the path and without the text', async () => {
    await using state = await openVault();
    const config = await state.team('bar').get(Config);
    const refusals = await Promise.allSettled([
      config.update((draft) => void (draft.providers['a'] = { key: 'canary' as unknown as Secret, model: 'm' })),
      config.update((draft) => void (draft.gemini = { canary: 'canary' } as unknown as Secret)),
      config.set({ ...config.current, spare: ['canary' as unknown as Secret] }),
    ]);
    const errors = refusals.map(
      (each) => (each as PromiseRejectedResult).reason as { code: string; message: string; data: { issues: readonly { path: unknown }[] } },
    );
    expect(errors.map(({ code, data }) => [code, data.issues[0]?.path])).toEqual([
      ['VALIDATION_FAILED', ['providers', 'a', 'key']],
      ['VALIDATION_FAILED', ['gemini']],
      ['VALIDATION_FAILED', ['spare', 0]],
    ]);
    for (const error of errors) expect(error.message + JSON.stringify(error.data)).not.toContain('canary');
    expect(config.version).toBe(0);
  });

  it('refuses a secret where none is declared, also one that stands in its place elsewhere', async () => {
    await using state = await openVault();
    const config = await state.team('bar').get(Config);
    await config.update((draft) => void (draft.providers['a'] = key('a1')));
    const Notes = defineState({ name: 'notes', scope: 'team', schema: z.strictObject({ any: z.unknown() }), initial: { any: null } });
    const notes = await state.team('bar').get(Notes);
    for (const any of [Secret.of('x'), [Secret.of('x')], config.current, config.current.providers['a']]) {
      await expect(notes.set({ any })).rejects.toMatchObject({
        code: 'VALIDATION_FAILED',
        data: { issues: [{ path: expect.arrayContaining(['any']) as unknown }] },
      });
    }
    await expect(config.update((draft) => void (draft.note = Secret.of('x') as unknown as string))).rejects.toMatchObject({
      data: { issues: [{ path: ['note'] }] },
    });
    expect(() =>
      defineState({
        name: 'bad',
        scope: 'team',
        schema: z.strictObject({ key: secretSchemaOfZod }),
        initial: { key: Secret.of('x') },
        secrets: ['key'],
      }),
    ).toThrow(expect.objectContaining({ code: 'VALIDATION_FAILED' }) as Error);
  });

  it('refuses paths that are none', () => {
    for (const path of ['', 'a..b', '.a', 'a.', '__proto__.a']) {
      expect(() => defineState({ name: 'bad', scope: 'team', schema: z.object({}), initial: {}, secrets: [path] })).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT' }) as Error,
      );
    }
  });

  it('needs keys, and says so when it is got', async () => {
    await using state = await StateManager.open({ store: testStore() });
    await expect(state.team('bar').get(Config)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', data: { argument: 'keys' } });
  });

  it('works with a schema written by hand', async () => {
    await using state = await openVault();
    const Token = defineState({
      name: 'token',
      scope: 'team',
      schema: {
        '~standard': {
          version: 1,
          vendor: 'by hand',
          validate: (value): StandardSchemaV1.Result<{ token: Secret | null }> => {
            const { token } = value as { token: Secret | null };
            if (token === null || token instanceof Secret) return { value: { token } };
            return { issues: [{ message: 'a Secret belongs here', path: ['token'] }] };
          },
        },
      },
      initial: { token: null },
      secrets: ['token'],
    });
    const token = await state.team('bar').get(Token);
    await token.set({ token: Secret.of('t1') });
    expect(token.current.token?.reveal()).toBe('t1');
  });

  it('takes one secret for the other only when both hide the same', async () => {
    await using state = await openVault();
    const config = await state.team('bar').get(Config);
    await config.set(withGemini('one'));
    const told: unknown[] = [];
    config.subscribe(
      ({ gemini }) => gemini,
      (now, was) => void told.push([now?.reveal(), was?.reveal()]),
    );
    expect((await config.set(withGemini('one'))).versions[0]?.version).toBe(1);
    expect((await config.set(withGemini('two'))).versions[0]?.version).toBe(2);
    await turn();
    expect(told).toEqual([['two', 'one']]);
    const patches = await config.compare(1, 2);
    expect(patches).toMatchObject([{ op: 'replace', path: ['gemini'] }]);
    expect(patches.map((patch) => 'value' in patch && (patch.value as Secret).reveal())).toEqual(['two']);
    expect(await config.compare(2, 2)).toEqual([]);
  });

  it('moves a secret to other places, states and subjects, sealed anew', async () => {
    await using state = await openVault();
    const [bar, cafe] = [await state.team('bar').get(Config), await state.team('cafe').get(Config)];
    await bar.update((draft) => void (draft.gemini = Secret.of('g1')));
    await bar.update((draft) => {
      draft.providers['gemini'] = { key: draft.gemini, model: 'm' };
      draft.gemini = null;
    });
    await state.transaction([bar, cafe], ([from, to]) => void (to.gemini = from.providers['gemini']?.key ?? null));
    expect([bar.current.gemini, bar.current.providers['gemini']?.key?.reveal(), cafe.current.gemini?.reveal()]).toEqual([null, 'g1', 'g1']);
    expect(cafe.current.gemini?.fingerprint).not.toBe(bar.current.providers['gemini']?.key?.fingerprint);
    await bar.refresh();
    expect((await bar.at(2)).providers['gemini']?.key?.reveal()).toBe('g1');
  });

  it('reaches another manager of the same store', async () => {
    const [store, keys] = [testStore(), testKeys()];
    await using here = await StateManager.open({ store, keys });
    const mine = await here.team('bar').get(Config);
    await using there = await StateManager.open({ store, keys });
    const theirs = await there.team('bar').get(Config);
    await mine.update((draft) => void (draft.gemini = Secret.of('g1')));
    expect((await theirs.refresh()).gemini?.reveal()).toBe('g1');
    await theirs.update((draft) => void (draft.providers['a'] = key('a1')));
    expect((await mine.refresh()).providers['a']?.key?.reveal()).toBe('a1');
    await Promise.all(
      [1, 2, 3, 4].flatMap((n) =>
        [mine, theirs].map((each, who) => each.update((draft) => void draft.spare.push(Secret.of(`${who}${n}`)))),
      ),
    );
    expect((await mine.refresh()).spare.map((each) => each.reveal()).toSorted()).toEqual(['01', '02', '03', '04', '11', '12', '13', '14']);
  });

  it('of two that make the key of a subject at once, both use the same one', async () => {
    const [store, keys] = [testStore(), testKeys()];
    await using here = await StateManager.open({ store, keys });
    await using there = await StateManager.open({ store, keys });
    const [mine, theirs] = [
      await here.team('bar', { subject: 'anna' }).get(Config),
      await there.team('cafe', { subject: 'anna' }).get(Config),
    ];
    await Promise.all([mine, theirs].map((each) => each.update((draft) => void (draft.gemini = Secret.of('g1')))));
    expect([mine.current.gemini?.reveal(), theirs.current.gemini?.reveal()]).toEqual(['g1', 'g1']);
    expect(mine.current.gemini?.fingerprint).toBe(theirs.current.gemini?.fingerprint);
  });

  it('stays right when a snapshot is written and old versions are pruned', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const Log = defineState({ ...Config, name: 'log', retention: { versions: 3 } });
    const first = await StateManager.open({ store, keys });
    const log = await first.team('bar').get(Log);
    await log.update((draft) => void (draft.gemini = Secret.of('g1')));
    for (let index = 0; index < 12; index += 1) await log.update((draft) => void (draft.note = 'x'.repeat(10_000 + index)));
    await log.update((draft) => void draft.spare.push(Secret.of('s1')));
    await first.close();
    await using second = await StateManager.open({ store, keys });
    const { gemini, spare } = (await second.team('bar').get(Log)).current;
    expect([gemini?.reveal(), spare[0]?.reveal()]).toEqual(['g1', 's1']);
  });

  it('is readable without its secrets when the master key is not at hand, and writable but for new ones', async () => {
    const store = testStore();
    const first = await StateManager.open({ store, keys: testKeys('old') });
    await (await first.team('bar').get(Config)).set({ gemini: Secret.of('g1'), providers: {}, spare: [], note: 'n' });
    await first.close();
    await using second = await StateManager.open({ store, keys: testKeys('new') });
    const config = await second.team('bar').get(Config);
    expect(config.current.note).toBe('n');
    expect(String(config.current.gemini)).toMatch(/^\[secret [0-9a-f]{8}\]$/);
    expect(() => config.current.gemini?.reveal()).toThrow(
      expect.objectContaining({ code: 'SECRET_UNREADABLE', data: { entity: 'team:bar', state: 'config', path: 'gemini' } }) as Error,
    );
    await config.update((draft) => void (draft.note = 'still'));
    expect(config.current.note).toBe('still');
    await expect(config.update((draft) => void (draft.gemini = Secret.of('g2')))).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
    await expect(config.update((draft) => void (draft.spare = [draft.gemini!]))).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' });
    await config.update((draft) => void (draft.gemini = null));
    expect(config.current.gemini).toBeNull();
  });

  it('keeps the master keys apart by their id and contents', async () => {
    const store = testStore();
    const first = await StateManager.open({ store, keys: testKeys('same id') });
    await (await first.team('bar').get(Config)).set({ ...Config.initial, gemini: Secret.of('g1') });
    await first.close();
    await using second = await StateManager.open({
      store,
      keys: { current: async () => newKey('same id'), byId: async () => newKey('same id') },
    });
    const config = await second.team('bar').get(Config);
    expect(() => config.current.gemini?.reveal()).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }) as Error);
  });
});

const secretSchemaOfZod = z.instanceof(Secret);

describe('migrating a state with secrets', () => {
  const V1 = defineState({ name: 'login', scope: 'team', schema: z.strictObject({ token: z.string() }), initial: { token: '' } });
  const V2 = defineState({
    name: 'login',
    scope: 'team',
    version: 2,
    schema: z.strictObject({ token: secretSchemaOfZod.nullable() }),
    initial: { token: null },
    secrets: ['token'],
    migrations: { 2: ({ token }: { token: string }) => ({ token: Secret.of(token) }) },
  });
  const V3 = defineState({
    name: 'login',
    scope: 'team',
    version: 3,
    schema: z.strictObject({ auth: z.strictObject({ token: secretSchemaOfZod.nullable() }) }),
    initial: { auth: { token: null } },
    secrets: ['auth.token'],
    migrations: { ...V2.migrations, 3: ({ token }: { token: Secret | null }) => ({ auth: { token } }) },
  });

  it('makes a secret of a plain text, and moves a secret to another path', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const one = await StateManager.open({ store, keys });
    await (await one.team('bar').get(V1)).set({ token: 't1' });
    await one.close();
    const two = await StateManager.open({ store, keys });
    const second = await two.team('bar').get(V2);
    expect([second.current.token?.reveal(), String(second.current.token)]).toEqual(['t1', '[secret unsealed]']);
    await second.update((draft) => void (draft.token = Secret.of('t2')));
    await two.close();
    const three = await StateManager.open({ store, keys });
    const third = await three.team('bar').get(V3);
    expect(third.current.auth.token?.reveal()).toBe('t2');
    await third.update((draft) => void (draft.auth = { token: draft.auth.token }));
    await three.close();
    await using four = await StateManager.open({ store, keys });
    const last = await four.team('bar').get(V3);
    expect([last.current.auth.token?.reveal(), (await last.at(2)).auth.token?.reveal()]).toEqual(['t2', 't2']);
  });

  it('shows no text in what it says when it fails, and none when the text has no migration', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const one = await StateManager.open({ store, keys });
    await (await one.team('bar').get(V1)).set({ token: 'canary' });
    await one.close();
    const options = { ...V2, migrations: { 2: ({ token }: { token: string }): unknown => JSON.parse(token) } };
    await using two = await StateManager.open({ store, keys });
    const failed: unknown = await two
      .team('bar')
      .get(defineState(options))
      .catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'MIGRATION_FAILED', message: expect.not.stringContaining('canary') as string, cause: undefined });
    await using three = await StateManager.open({ store, keys });
    const unfit: unknown = await three
      .team('bar')
      .get(defineState({ ...V2, version: 1, migrations: {} }))
      .catch((error: unknown) => error);
    expect(unfit).toMatchObject({
      code: 'VALIDATION_FAILED',
      message: expect.not.stringContaining('canary') as string,
      data: { issues: [{ path: ['token'] }] },
    });
  });

  it('hands the secrets of a newer definition out as secrets', async () => {
    const [store, keys] = [testStore(), testKeys()];
    const one = await StateManager.open({ store, keys });
    await (await one.team('bar').get(V3)).set({ auth: { token: Secret.of('t3') } });
    await one.close();
    await using two = await StateManager.open({ store, keys });
    const older = await two.team('bar').get(V2);
    expect((older.current as unknown as { auth: { token: Secret } }).auth.token.reveal()).toBe('t3');
    await expect(older.update((draft) => void (draft.token = null))).rejects.toMatchObject({ code: 'NEWER_VERSION' });
  });
});
