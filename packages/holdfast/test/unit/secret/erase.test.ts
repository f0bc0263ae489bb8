import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { defineEffect, Secret, StateManager, type ExportedEntity } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { emptyCommit, type Store } from 'holdfast/store';
import { z } from 'zod';
import { freshDatabase, testStore } from '../../support/test-store.ts';
import { Tab, order } from '../../support/bar.ts';
import { Config, openVault, testKeys } from './config.ts';

const Bell = defineEffect({
  name: 'bell',
  input: z.strictObject({ at: z.string() }),
  output: z.string(),
  states: [],
  run: async () => 'rung',
});
const Stuck = defineEffect({
  name: 'stuck',
  input: z.strictObject({}),
  output: z.null(),
  states: [],
  run: () => Promise.reject(new Error('no answer')),
});

describe('erasing a subject', () => {
  it('deletes all of its entities and forks, and leaves those of others', async () => {
    const [store, keys] = [testStore(), testKeys()];
    await using state = await StateManager.open({ store, keys });
    const anna = state.conversation('anna', { subject: 'person-1' });
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await anna.checkpoint('one');
    const fork = await anna.fork();
    const config = await state.team('of anna', { subject: 'person-1' }).get(Config);
    await config.update((draft) => void (draft.gemini = Secret.of('g1')));
    const { gemini } = config.current;
    const ben = await state.conversation('ben').get(Tab);
    await ben.update((draft) => order(draft, 'Gin', 8));
    const receipt = await state.erase('person-1');
    expect(receipt).toEqual({
      subjectHash: createHash('sha256').update('person-1').digest('hex'),
      at: expect.any(Number) as number,
      entities: 3,
    });
    expect([
      await anna.exists(),
      await fork.exists(),
      await state.team('of anna').exists(),
      await state.conversation('ben').exists(),
    ]).toEqual([false, false, false, true]);
    expect(() => tab.current).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }) as Error);
    expect(() => gemini?.reveal()).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }) as Error);
    expect(await store.entities({ subject: 'person-1' }, undefined, 10)).toEqual([]);
    expect(await state.erase('person-1')).toEqual(receipt);
  });

  it('makes its secrets unreadable in every process, and a new key when the subject comes back', async () => {
    const [store, keys] = [testStore(), testKeys()];
    await using here = await StateManager.open({ store, keys });
    await using there = await StateManager.open({ store, keys });
    const mine = await here.team('bar').get(Config);
    await mine.update((draft) => void (draft.gemini = Secret.of('g1')));
    const { gemini } = (await there.team('bar').get(Config)).current;
    const theirs = await there.team('cafe', { subject: 'team:bar' }).get(Config);
    const { entities } = await here.erase('team:bar');
    expect(entities).toBe(1);
    // This process may not know yet; what it writes is sealed with a key that is there all the same.
    await theirs.update((draft) => void (draft.gemini = Secret.of('g1')));
    expect(() => gemini?.reveal()).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }) as Error);
    expect(theirs.current.gemini?.fingerprint).not.toBe(gemini?.fingerprint);
    const again = await here.team('cafe').get(Config);
    expect(again.current.gemini?.reveal()).toBe('g1');
    expect((await here.erase('team:bar')).entities).toBe(2);
  });

  it('that comes between sealing and writing is noticed: nothing is written under a destroyed key', async () => {
    const [store, keys] = [testStore(), testKeys()];
    let destroy: (() => Promise<void>) | undefined;
    const between = new Proxy(store, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        if (property !== 'commit') return value.bind(target) as unknown;
        return async (batch: Parameters<Store['commit']>[0]) => {
          const now = batch.some(({ changes }) => changes.length > 0) ? destroy : undefined;
          if (now) destroy = undefined;
          await now?.();
          return await target.commit(batch);
        };
      },
    });
    await using state = await StateManager.open({ store: between, keys });
    const config = await state.team('bar').get(Config);
    await config.update((draft) => void (draft.gemini = Secret.of('g1')));
    const key = await store.entity('$subject', 'team:bar');
    destroy = async () => void (await store.commit([{ ...emptyCommit(), drops: [key?.eid as number] }]));
    await config.update((draft) => void draft.spare.push(Secret.of('s1')));
    expect(destroy).toBeUndefined();
    expect(config.current.spare[0]?.reveal()).toBe('s1');
    expect(() => config.current.gemini?.reveal()).toThrow(expect.objectContaining({ code: 'SECRET_UNREADABLE' }) as Error);
    expect((await store.entity('$subject', 'team:bar'))?.eid).not.toBe(key?.eid);
  });

  it('takes what it deleted out of the files of a database', async () => {
    const path = freshDatabase();
    await using state = await StateManager.open({ store: sqlite(path), keys: testKeys() });
    const config = await state.team('bar').get(Config);
    await config.update((draft) => void (draft.note = 'CANARY'.repeat(4)));
    for (let index = 0; index < 40; index += 1) await config.update((draft) => void draft.spare.push(Secret.of(`s${index}`)));
    await state.team('bar').checkpoint('CANARY');
    const holding = (): string[] =>
      readdirSync(dirname(path)).filter((name) => /CANARY|"\$secret"|"master"/.test(readFileSync(join(dirname(path), name), 'latin1')));
    expect(holding()).not.toEqual([]);
    await state.erase('team:bar');
    expect(holding()).toEqual([]);
  });

  it('says so when a reader keeps what was deleted in the log', async () => {
    const path = freshDatabase();
    await using state = await StateManager.open({ store: sqlite(path), keys: testKeys() });
    await (await state.team('bar').get(Config)).update((draft) => void (draft.note = 'n'));
    const reader = new DatabaseSync(path, { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM entity');
    await expect(state.erase('team:bar')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    reader.close();
    expect((await state.erase('team:bar')).entities).toBe(1);
  });

  it('deletes many entities, in as many steps as it takes', async () => {
    await using state = await openVault();
    const handles = await Promise.all(
      Array.from({ length: 150 }, (_, index) => state.conversation(`c${index}`, { subject: 'many' }).get(Tab)),
    );
    await Promise.all(handles.map((tab) => tab.update((draft) => order(draft, 'Beer', 5))));
    expect((await state.erase('many')).entities).toBe(150);
    expect(await state.list({ scope: 'conversation' })).toEqual([]);
  });

  it('does not lose an unsettled effect, unless it is abandoned', async () => {
    await using state = await openVault({ effects: [Stuck] });
    const anna = state.conversation('anna', { subject: 'p' });
    await (await anna.get(Tab)).update((_draft, tx) => tx.effect(Stuck, { key: 'k', input: {} }));
    await anna.effect(Stuck, 'k').outcome({ unknown: true });
    await expect(state.erase('p')).rejects.toMatchObject({ code: 'EFFECT_UNKNOWN' });
    expect(await anna.exists()).toBe(true);
    expect((await state.erase('p', { unsettled: 'abandon' })).entities).toBe(1);
    expect(await anna.exists()).toBe(false);
  });

  it('keeps a receipt of a subject of whom nothing was there, and refuses the global entity', async () => {
    await using state = await openVault();
    expect((await state.erase('nobody')).entities).toBe(0);
    await expect(state.erase('global')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(state.erase('')).rejects.toMatchObject({ code: 'INVALID_ID' });
  });
});

describe('exporting a subject', () => {
  it('gives states, checkpoints and effects of every entity, and fingerprints for secrets', async () => {
    await using state = await openVault({ effects: [Bell] });
    const anna = state.conversation('anna', { subject: 'p' });
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await tab.update((_draft, tx) => tx.effect(Bell, { key: 'b/1', input: { at: 'door' } }));
    await anna.effect(Bell, 'b/1').outcome();
    await anna.checkpoint('one');
    const config = await state.team('of anna', { subject: 'p' }).get(Config);
    await config.update((draft) => void (draft.gemini = Secret.of('canary')));
    await (await state.conversation('ben').get(Tab)).update((draft) => order(draft, 'Gin', 8));
    const exported: ExportedEntity[] = [];
    for await (const each of state.export('p')) exported.push(each);
    expect(exported).toMatchObject([
      {
        entity: { scope: 'conversation', id: 'anna' },
        states: { tab: { version: 1, definitionVersion: 1, value: { items: [{ name: 'Beer', price: 5 }], total: 5 } } },
        checkpoints: [{ name: 'one', versions: { tab: 1 } }],
        effects: [{ name: 'bell', key: 'b/1', status: 'done', input: { at: 'door' }, output: 'rung' }],
      },
      {
        entity: { scope: 'team', id: 'of anna' },
        states: { config: { value: { gemini: String(config.current.gemini), note: '' } } },
        checkpoints: [],
        effects: [],
      },
    ]);
    expect(JSON.stringify(exported)).not.toContain('canary');
    expect(JSON.parse(JSON.stringify(exported))).toEqual(exported);
  });
});
