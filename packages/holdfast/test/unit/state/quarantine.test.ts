import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { defineState, Secret, type MigrationReport, type QuarantinedState, type StateDefinition } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import type { Store } from 'holdfast/store';
import { z } from 'zod';
import { Guest, GuestV1, guestWith, program, seatGuests, type GuestV1Value } from '../../support/guests.ts';
import { freshDatabase, testStore } from '../../support/test-store.ts';
import { newKey, testKeys, type TestKeys } from '../secret/config.ts';

const migrated = (store: Store, definition = Guest): Promise<MigrationReport> =>
  program(store, (state) => state.migrate({ definitions: [definition] }));
const asideOf = (store: Store, id: string): Promise<readonly QuarantinedState[]> =>
  program(store, (state) => state.conversation(id).quarantined());

const run = (store: Store, keys: TestKeys, definition: StateDefinition<unknown>, dryRun = false): Promise<MigrationReport> =>
  program(store, (state) => state.migrate({ definitions: [definition], dryRun }), { keys });

describe('a state that cannot be migrated', () => {
  it('stays as it is, and its bytes are put aside with the reason, once', async () => {
    const store = testStore();
    await seatGuests(store, 'Cher', 'Anna Berg');
    await program(store, async (state) => {
      await (await state.conversation('Cher').get(GuestV1)).update((draft) => void (draft.name = 'Björk'));
    });
    const report = await migrated(store);
    expect(report.definitions).toMatchObject([{ migrated: 1, failed: 1 }]);
    expect(report.failures).toMatchObject([{ entity: { scope: 'conversation', id: 'Cher' }, version: 2, code: 'MIGRATION_FAILED' }]);
    await expect(program(store, (state) => state.conversation('Cher').get(Guest))).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
    await migrated(store);
    expect(await asideOf(store, 'Cher')).toEqual([
      {
        state: 'guest',
        version: 2,
        definitionVersion: 1,
        code: 'MIGRATION_FAILED',
        path: [],
        message: report.failures[0]?.message,
        at: expect.any(Number) as number,
        base: { name: 'Cher' },
        patches: [{ op: 'replace', path: ['name'], value: 'Björk' }],
      },
    ]);
    expect(await asideOf(store, 'Anna Berg')).toEqual([]);
  });

  it('is put aside as well when what comes of it does not fit, with the path', async () => {
    const store = testStore();
    await seatGuests(store, 'Cher');
    const { failures } = await migrated(
      store,
      guestWith(({ name }: GuestV1Value) => ({ first: name, last: null })),
    );
    expect(failures).toMatchObject([{ code: 'VALIDATION_FAILED', path: ['last'] }]);
    expect(await asideOf(store, 'Cher')).toMatchObject([{ code: 'VALIDATION_FAILED', path: ['last'], base: { name: 'Cher' } }]);
  });

  it('keeps its bytes when its history is pruned', async () => {
    const store = testStore();
    await seatGuests(store, 'Cher');
    await migrated(store);
    const Short = defineState({ ...GuestV1, retention: { versions: 1 } });
    await program(store, async (state) => {
      const guest = await state.conversation('Cher').get(Short);
      for (const name of ['A', 'B', 'C']) await guest.set({ name });
      await state.flush();
      await expect(guest.at(1)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    });
    expect(await asideOf(store, 'Cher')).toMatchObject([{ version: 1, base: { name: 'Cher' } }]);
  });

  it('leaves quarantine with the run that can migrate it, or after somebody else has written the new shape', async () => {
    const store = testStore();
    await seatGuests(store, 'Cher', 'Björk');
    const patient = guestWith(({ name }: GuestV1Value) => ({ first: name, last: '' }));
    expect((await migrated(store)).definitions).toMatchObject([{ failed: 2 }]);
    await program(store, async (state) => await (await state.conversation('Cher').get(patient)).set({ first: 'Cher', last: 'Bono' }));
    const dry = await program(store, (state) => state.migrate({ definitions: [patient], dryRun: true }));
    expect(dry.definitions).toMatchObject([{ current: 1, migrated: 1 }]);
    expect((await asideOf(store, 'Cher')).length + (await asideOf(store, 'Björk')).length).toBe(2);
    await migrated(store, patient);
    expect((await asideOf(store, 'Cher')).length + (await asideOf(store, 'Björk')).length).toBe(0);
  });

  it('is not put aside in a dry run', async () => {
    const store = testStore();
    await seatGuests(store, 'Cher');
    await program(store, (state) => state.migrate({ definitions: [Guest], dryRun: true }));
    expect(await asideOf(store, 'Cher')).toEqual([]);
  });
});

describe('a damaged state', () => {
  it('is reported with its last good version, and neither copied nor written over', async () => {
    const path = freshDatabase();
    const store = sqlite(path);
    await seatGuests(store, 'Anna Berg', 'Ben Cole');
    await program(store, async (state) => {
      await (await state.conversation('Ben Cole').get(GuestV1)).set({ name: 'Benjamin Cole' });
    });
    const vandal = new DatabaseSync(path);
    vandal.exec("UPDATE change SET body = replace(body, 'Benjamin', 'Benyamin')");
    const rows = (): unknown => vandal.prepare("SELECT body FROM change WHERE body LIKE '%Ben%' ORDER BY version").all();
    const before = rows();
    const report = await migrated(store);
    expect(report.definitions).toMatchObject([{ migrated: 1, failed: 1 }]);
    expect(report.failures).toMatchObject([{ entity: { id: 'Ben Cole' }, version: 2, code: 'CORRUPT_STATE', lastGoodVersion: 1 }]);
    expect(rows()).toEqual(before);
    vandal.close();
    expect(await asideOf(store, 'Ben Cole')).toEqual([]);
  });
});

describe('migrating states with secrets', () => {
  const base = { name: 'vault', scope: 'team' } as const;
  const key = z.instanceof(Secret).nullable();
  const V1 = defineState({ ...base, schema: z.strictObject({ key }), initial: { key: null }, secrets: ['key'] });
  const V2 = defineState({
    ...base,
    version: 2,
    schema: z.strictObject({ auth: z.strictObject({ key, spare: key }) }),
    initial: { auth: { key: null, spare: null } },
    secrets: ['auth.*'],
    migrations: { 2: (old: { key: Secret }) => ({ auth: { key: old.key, spare: Secret.of('canary-spare') } }) },
  });
  const stored = async (keys: TestKeys): Promise<Store> => {
    const store = testStore();
    await program(store, async (state) => await (await state.team('bar').get(V1)).set({ key: Secret.of('canary-key') }), { keys });
    return store;
  };

  it('seals them for their new places', async () => {
    const keys = testKeys();
    const store = await stored(keys);
    expect((await run(store, keys, V2)).definitions).toMatchObject([{ migrated: 1 }]);
    const { body, revealed } = await program(
      store,
      async (state) => {
        const { current } = await state.team('bar').get(V2);
        const { eid } = (await store.entity('team', 'bar'))!;
        return { revealed: [current.auth.key?.reveal(), current.auth.spare?.reveal()], body: (await store.load(eid, 'vault'))?.base.body };
      },
      { keys },
    );
    expect(revealed).toEqual(['canary-key', 'canary-spare']);
    expect(body).not.toContain('canary');
  });

  it('reports one that cannot be opened to be moved, in a dry run too, and keeps it', async () => {
    const keys = testKeys('first');
    const store = await stored(keys);
    const stranger: TestKeys = { ...testKeys(), keys: [newKey('other')] };
    for (const dryRun of [true, false]) {
      const { failures } = await run(store, { ...stranger, byId: async () => undefined }, V2, dryRun);
      expect(failures).toMatchObject([{ code: 'SECRET_UNREADABLE', path: ['auth', '*'] }]);
    }
    const aside = await program(store, (state) => state.team('bar').quarantined(), { keys });
    expect(JSON.stringify(aside[0]?.base)).toMatch(/^\{"key":"\[secret [0-9a-f]{8}\]"\}$/);
    expect((await run(store, keys, V2)).definitions).toMatchObject([{ migrated: 1 }]);
    expect(await program(store, (state) => state.team('bar').quarantined(), { keys })).toEqual([]);
  });

  it('shows none in what it says of a failure', async () => {
    const keys = testKeys();
    const store = await stored(keys);
    const quoting = { 2: (old: { key: Secret }): unknown => JSON.parse(old.key.reveal()) };
    const { failures } = await run(store, keys, defineState({ ...V2, migrations: quoting }));
    expect(failures).toMatchObject([{ code: 'MIGRATION_FAILED' }]);
    const aside = await program(store, (state) => state.team('bar').quarantined(), { keys });
    expect(JSON.stringify([failures, aside])).not.toContain('canary');
  });

  it('needs their keys', async () => {
    await expect(program(testStore(), (state) => state.migrate({ definitions: [V2] }))).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});
