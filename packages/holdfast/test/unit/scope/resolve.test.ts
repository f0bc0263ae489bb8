import { describe, expect, it } from 'vitest';
import { defineState, Secret, StateManager } from 'holdfast';
import { z } from 'zod';
import { openManager } from '../../support/bar.ts';
import { ConversationPrefs, GlobalPrefs, TeamPrefs, WorkflowPrefs } from '../../support/scopes.ts';
import { testStore } from '../../support/test-store.ts';
import { openVault, testKeys } from '../secret/config.ts';

const Keys = defineState({
  name: 'keys',
  scope: 'team',
  schema: z.strictObject({ a: z.instanceof(Secret).nullable(), list: z.array(z.int()) }),
  initial: { a: null, list: [] },
  secrets: ['a'],
});

describe('resolving upwards', () => {
  it('takes what the first entity has there: absent passes on, null answers, nothing is merged', async () => {
    await using state = await openManager();
    const team = state.team('bar');
    const anna = state.conversation('anna', { parent: state.workflow('round', { parent: team }) });
    await (await state.global().get(GlobalPrefs)).set({ sound: true, lists: { beers: ['lager'] } });
    expect(await anna.resolve('prefs', ['sound'])).toBe(true);
    await (await team.get(TeamPrefs)).set({ sound: false, lists: { wines: ['red'] } });
    expect(await anna.resolve('prefs', ['sound'])).toBe(false);
    expect(await anna.resolve('prefs', ['lists'])).toEqual({ wines: ['red'] });
    expect(await anna.resolve('prefs', ['lists', 'beers', 0])).toBe('lager');
    await (await anna.get(ConversationPrefs)).set({ sound: null });
    expect(await anna.resolve('prefs', ['sound'])).toBeNull();
    expect(await anna.resolve('prefs', [])).toEqual({ sound: null });
    expect(await team.resolve('prefs', ['sound'])).toBe(false);
    expect(await anna.resolve('prefs', ['lists', 'gins'])).toBeUndefined();
    expect(await anna.resolve('nothing', ['sound'])).toBeUndefined();
  });

  it('explains who was asked, what each said, and who answered', async () => {
    await using state = await openManager();
    const team = state.team('bar');
    const anna = state.conversation('anna', { parent: state.workflow('round', { parent: team }) });
    await (await anna.get(ConversationPrefs)).set({ lists: {} });
    await (await team.get(TeamPrefs)).set({ sound: true });
    await (await team.get(TeamPrefs)).set({ sound: false });
    expect(await anna.explain('prefs', ['sound'])).toEqual({
      value: false,
      answeredBy: { scope: 'team', id: 'bar' },
      asked: [
        { entity: { scope: 'conversation', id: 'anna' }, said: 'absent', version: 1 },
        { entity: { scope: 'workflow', id: 'round' }, said: 'unwritten', version: 0 },
        { entity: { scope: 'team', id: 'bar' }, said: 'answered', version: 2 },
      ],
    });
    const nobody = await anna.explain('prefs', ['lists', 'gins']);
    expect(nobody.asked.map(({ entity, said }) => [entity.scope, said])).toEqual([
      ['conversation', 'absent'],
      ['workflow', 'unwritten'],
      ['team', 'absent'],
      ['global', 'unwritten'],
    ]);
    expect('answeredBy' in nobody).toBe(false);
  });

  it('does not take an initial value for an answer, and writes nothing', async () => {
    const store = testStore();
    await using state = await StateManager.open({ store });
    const Loud = defineState({
      name: 'prefs',
      scope: 'conversation',
      schema: z.strictObject({ sound: z.boolean() }),
      initial: { sound: true },
    });
    const anna = state.conversation('anna', { parent: state.team('bar') });
    expect((await anna.get(Loud)).current.sound).toBe(true);
    expect(await anna.resolve('prefs', ['sound'])).toBeUndefined();
    expect((await store.log(0, {}, 10)).seq).toBe(0);
  });

  it('asks the parent that an entity would have, before it is stored', async () => {
    await using state = await openManager();
    await (await state.team('bar').get(TeamPrefs)).set({ sound: false });
    expect(await state.conversation('new', { parent: state.team('bar') }).resolve('prefs', ['sound'])).toBe(false);
  });

  it('passes a parent that was deleted by and ends with global', async () => {
    await using state = await openManager();
    const flow = state.workflow('round', { parent: state.team('bar') });
    const anna = state.conversation('anna', { parent: flow });
    await (await anna.get(ConversationPrefs)).set({});
    await (await state.team('bar').get(TeamPrefs)).set({ sound: false });
    await (await state.global().get(GlobalPrefs)).set({ sound: true });
    await flow.delete();
    expect(await anna.resolve('prefs', ['sound'])).toBe(true);
  });

  it('sees what another manager has just committed', async () => {
    const store = testStore();
    await using other = await StateManager.open({ store });
    await using state = await StateManager.open({ store });
    await state.team('bar').get(TeamPrefs);
    await (await other.team('bar').get(TeamPrefs)).set({ sound: true });
    expect(await state.team('bar').resolve('prefs', ['sound'])).toBe(true);
  });

  it('takes own keys only, and looks into no secret', async () => {
    await using state = await openVault();
    const team = state.team('bar');
    await (await team.get(Keys)).set({ a: Secret.of('sesame'), list: [7] });
    for (const path of [['constructor'], ['__proto__'], ['list', 'length'], ['list', 1], ['a', 'fingerprint'], ['list', 0, 'toFixed']])
      expect(await team.resolve('keys', path)).toBeUndefined();
    expect(await team.resolve('keys', ['list', 0])).toBe(7);
    expect(((await team.resolve('keys', ['a'])) as Secret).reveal()).toBe('sesame');
  });

  it('reads a state whose definition is not in use as it was recorded, secrets as secrets', async () => {
    const [store, keys] = [testStore(), testKeys()];
    await using writer = await openVault({ store, keys });
    await (await writer.team('bar').get(Keys)).set({ a: Secret.of('sesame'), list: [] });
    await using reader = await openVault({ store, keys });
    expect(((await reader.team('bar').resolve('keys', ['a'])) as Secret).reveal()).toBe('sesame');
    await using keyless = await StateManager.open({ store });
    const secret = (await keyless.team('bar').resolve('keys', ['a'])) as Secret;
    expect(() => secret.reveal()).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }));
  });

  it('reads an older record in the shape of the definition in use', async () => {
    const store = testStore();
    await using writer = await StateManager.open({ store });
    await (await writer.workflow('w').get(WorkflowPrefs)).set({ sound: true });
    await using state = await StateManager.open({ store });
    expect(await state.workflow('w').resolve('prefs', ['volume'])).toBeUndefined();
    const Newer = defineState({
      name: 'prefs',
      scope: 'workflow',
      version: 2,
      schema: z.strictObject({ volume: z.int() }),
      initial: { volume: 0 },
      migrations: { 2: ({ sound }: { sound?: boolean }) => ({ volume: sound ? 11 : 0 }) },
    });
    await state.workflow('other').get(Newer);
    expect(await state.workflow('w').resolve('prefs', ['volume'])).toBe(11);
  });
});
