import { describe, expect, it } from 'vitest';
import { defineState, StateManager, type MigrationProgress, type MigrationReport } from 'holdfast';
import type { Store } from 'holdfast/store';
import { Guest, GuestV1, program, seatGuests, type GuestV1Value } from '../../support/guests.ts';
import { Counter, Tab } from '../../support/bar.ts';
import { testStore } from '../../support/test-store.ts';

const anna = { scope: 'conversation', id: 'Anna Berg' } as const;
const migrated = (store: Store, dryRun = false): Promise<MigrationReport> =>
  program(store, (state) => state.migrate({ definitions: [Guest], dryRun }));

describe('migrating a store', () => {
  it('writes every older state in its new shape, as a commit that says so, and finds nothing to do the next time', async () => {
    const store = testStore();
    await seatGuests(store, 'Anna Berg', 'Ben Cole');
    expect((await migrated(store)).definitions).toMatchObject([{ state: 'guest', version: 2, current: 0, migrated: 2, failed: 0 }]);
    await program(store, async (state) => {
      const guest = await state.conversation(anna.id).get(Guest);
      expect([guest.current, guest.version]).toEqual([{ first: 'Anna', last: 'Berg' }, 2]);
      const [, last] = await Array.fromAsync(guest.history());
      expect(last).toMatchObject({ actor: 'migration', cause: 'migrate guest from 1 to 2', flags: ['migration'] });
      expect(await guest.at(1)).toEqual({ first: 'Anna', last: 'Berg' });
    });
    expect((await migrated(store)).definitions).toMatchObject([{ current: 2, migrated: 0 }]);
  });

  it('goes over more entities than a page has, and says how far it is', async () => {
    const store = testStore();
    await seatGuests(store, ...Array.from({ length: 230 }, (_, index) => `Guest ${index}`));
    const seen: MigrationProgress[] = [];
    const report = await program(store, (state) => state.migrate({ definitions: [Guest], onProgress: (each) => seen.push(each) }));
    expect([report.entities, report.definitions[0]?.migrated]).toEqual([230, 230]);
    expect(seen.map(({ entities }) => entities)).toEqual([100, 200, 230]);
    expect(seen.at(-1)).toEqual({ entities: 230, states: 230, migrated: 230, failed: 0 });
  });

  it('writes nothing in a dry run, which finds the same', async () => {
    const store = testStore();
    await seatGuests(store, 'Anna Berg', 'Cher');
    const before = await store.open();
    const dry = await migrated(store, true);
    expect(await store.open()).toEqual(before);
    expect(dry.dryRun).toBe(true);
    const real = await migrated(store);
    expect({ ...real, dryRun: true }).toEqual(dry);
  });

  it('leaves what a newer definition wrote alone, and names the states whose definition was not given', async () => {
    const store = testStore();
    await program(store, async (state) => {
      await (await state.conversation(anna.id).get(Guest)).set({ first: 'Anna', last: 'Berg' });
      for (const id of ['a', 'b']) await (await state.conversation(id).get(Tab)).set({ items: [], total: 0 });
      await (await state.global().get(Counter)).set({ count: 1 });
    });
    const report = await program(store, (state) => state.migrate({ definitions: [GuestV1] }));
    expect(report.definitions).toMatchObject([{ newer: 1, current: 0, migrated: 0, failed: 0 }]);
    expect(report.unknown).toEqual([
      { scope: 'global', state: 'counter', count: 1 },
      { scope: 'conversation', state: 'tab', count: 2 },
    ]);
    expect(report.entities).toBe(4);
  });

  it('does not prolong the life of an entity', async () => {
    const store = testStore();
    await program(store, async (state) => {
      await (await state.conversation(anna.id, { expiresAfterMs: 60_000 }).get(GuestV1)).set({ name: anna.id });
    });
    const expiresAt = await program(store, (state) => state.conversation(anna.id).expiresAt());
    expect((await migrated(store)).definitions).toMatchObject([{ migrated: 1 }]);
    expect(await program(store, (state) => state.conversation(anna.id).expiresAt())).toBe(expiresAt);
  });

  it('lets whoever writes meanwhile win, and looks again', async () => {
    const store = testStore();
    await seatGuests(store, 'Anna Berg');
    await using other = await StateManager.open({ store });
    const theirs = await other.conversation(anna.id).get(GuestV1);
    let isFirst = true;
    const interrupted = new Proxy(store, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (property !== 'commit') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
        return async (batch: Parameters<Store['commit']>[0]) => {
          if (isFirst) {
            isFirst = false;
            await theirs.set({ name: 'Anna Bergman' });
          }
          return await target.commit(batch);
        };
      },
    });
    await using state = await StateManager.open({ store: interrupted });
    expect((await state.migrate({ definitions: [Guest] })).definitions).toMatchObject([{ migrated: 1, failed: 0 }]);
    const guest = await state.conversation(anna.id).get(Guest);
    expect([guest.current, guest.version]).toEqual([{ first: 'Anna', last: 'Bergman' }, 3]);
  });

  it('shows handles in use what was written, and lets others commit while it goes on', async () => {
    const store = testStore();
    await seatGuests(store, ...Array.from({ length: 200 }, (_, index) => `Guest ${index}`));
    await using state = await StateManager.open({ store });
    const [guest, old] = [await state.conversation('Guest 0').get(Guest), await state.conversation('Guest 199').get(Guest)];
    const counter = await state.global().get(Counter);
    const ended: string[] = [];
    const migration = state.migrate({ definitions: [Guest] }).then(() => ended.push('migration'));
    for (let count = 0; count < 5; count++) await counter.update((draft) => void (draft.count += 1)).then(() => ended.push('update'));
    await migration;
    expect(ended).toEqual(['update', 'update', 'update', 'update', 'update', 'migration']);
    expect([guest.version, old.version]).toEqual([2, 2]);
    await guest.update((draft) => void (draft.last = 'Berg'));
    expect([guest.current.last, guest.version]).toEqual(['Berg', 3]);
  });

  it('ends when its signal aborts; what was migrated stays, and the next run does the rest', async () => {
    const store = testStore();
    await seatGuests(store, ...Array.from({ length: 150 }, (_, index) => `Guest ${index}`));
    const abort = new AbortController();
    const options = { definitions: [Guest], signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) };
    await expect(program(store, (state) => state.migrate(options))).rejects.toThrow('enough');
    const { definitions } = await migrated(store);
    expect(definitions).toMatchObject([{ current: 100, migrated: 50 }]);
  });

  it('refuses two definitions of one name', async () => {
    const twice = program(testStore(), (state) => state.migrate({ definitions: [Guest, GuestV1] }));
    await expect(twice).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

describe('what a migration finds besides the newest versions', () => {
  it('is each version that a checkpoint holds: it is read and named when it cannot be migrated, and never rewritten', async () => {
    const store = testStore();
    await program(store, async (state) => {
      const guest = await state.conversation(anna.id).get(GuestV1);
      for (const name of ['Cher', 'Ann Berg', 'Anna Berg']) {
        await guest.set({ name });
        await state.conversation(anna.id).checkpoint(`as ${name}`);
      }
      await state.conversation(anna.id).checkpoint('again');
    });
    const report = await migrated(store, true);
    expect(report.definitions).toMatchObject([{ migrated: 1, failed: 0, pinned: 2, failedPinned: 1 }]);
    expect(report.failures).toMatchObject([
      { entity: anna, state: 'guest', version: 1, checkpoints: ['as Cher'], isForkBase: false, code: 'MIGRATION_FAILED' },
    ]);
    expect(report.failures[0]?.message).toContain('there is no last name');

    await migrated(store);
    await program(store, async (state) => {
      await state.conversation(anna.id).restore('as Ann Berg');
      const guest = await state.conversation(anna.id).get(Guest);
      expect([guest.current.first, guest.version]).toEqual(['Ann', 5]);
    });
    const first = await program(store, (state) => state.conversation(anna.id).readVersion(GuestV1, 1));
    expect(first).toEqual({ name: 'Cher' });
  });

  it('is what a fork began with', async () => {
    const store = testStore();
    await program(store, async (state) => {
      const guest = await state.conversation('star').get(GuestV1);
      await guest.set({ name: 'Cher' });
      const fork = await state.conversation('star').fork({ id: 'star~1' });
      for (const each of [guest, await fork.get(GuestV1)]) await each.set({ name: 'Cher Bono' });
    });
    const { definitions, failures } = await migrated(store);
    expect(definitions).toMatchObject([{ migrated: 2, failed: 0, pinned: 1, failedPinned: 1 }]);
    expect(failures).toMatchObject([{ entity: { id: 'star~1' }, version: 2, checkpoints: [], isForkBase: true }]);
  });

  it('is a value that does not fit the schema any more although its version is the same', async () => {
    const store = testStore();
    await seatGuests(store, 'Anna Berg');
    const { '~standard': standard } = GuestV1.schema;
    const Refusing = defineState({
      ...GuestV1,
      schema: {
        '~standard': {
          ...standard,
          validate: (value: unknown) =>
            (value as GuestV1Value).name === ''
              ? { value: value as GuestV1Value }
              : { issues: [{ path: ['name'], message: 'must be empty' }] },
        },
      },
    });
    const report = await program(store, (state) => state.migrate({ definitions: [Refusing], dryRun: true }));
    expect(report.failures).toMatchObject([{ code: 'VALIDATION_FAILED', path: ['name'], version: 1 }]);
  });
});
