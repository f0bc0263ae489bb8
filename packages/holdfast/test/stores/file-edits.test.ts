import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, renameSync, rmSync, truncateSync, utimesSync } from 'node:fs';
import type { StateHandle } from 'holdfast';
import { describe, expect, test } from 'vitest';
import { order, Tab } from '../support/bar.ts';
import { Counter } from '../support/counter.ts';
import { FileDirectory } from '../support/file-directory.ts';
import { Settings } from '../support/settings.ts';

const SETTINGS = 'global/settings.json';
const START = { theme: 'light', volume: 5, tags: ['a'], limits: { beer: 5 } };

/** Resolves when the state has moved past a version. */
async function moved<T>(handle: StateHandle<T>, version: number): Promise<T> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = handle.subscribe(
    () => handle.version,
    (now) => now > version && resolve(),
  );
  if (handle.version > version) resolve();
  await promise;
  end();
  return handle.current;
}

/** A directory whose settings are rendered, and the open manager and handle. */
async function rendered(options: Parameters<FileDirectory['open']>[0] = {}) {
  const directory = new FileDirectory();
  const state = await directory.open(options);
  const settings = await state.global().get(Settings);
  await settings.set(START);
  await state.flush();
  const shown = (): typeof START => JSON.parse(directory.read(SETTINGS)) as typeof START;
  const edit = (change: object): void => directory.write(SETTINGS, JSON.stringify({ ...shown(), ...change }));
  return { directory, state, settings, shown, edit, [Symbol.asyncDispose]: () => state.close() };
}

describe('an edit of a file', () => {
  test('becomes a commit of the actor `file`, and is left as it was written', async () => {
    await using at = await rendered();
    const text = '{"theme":"dark",\n\n  "volume":5, "tags":["a"], "limits":{"beer":5}}';
    at.directory.write(SETTINGS, text);
    expect(await moved(at.settings, 1)).toEqual({ ...START, theme: 'dark' });
    const records = await Array.fromAsync(at.settings.history());
    expect(records.at(-1)).toMatchObject({ actor: 'file', flags: ['file'], version: 2 });
    await at.state.flush();
    expect(at.directory.read(SETTINGS)).toBe(text);
  });

  test('is merged with what was committed since the file was rendered', async () => {
    await using at = await rendered();
    await at.settings.update((draft) => void (draft.volume = 7));
    at.edit({ theme: 'dark' });
    expect(await moved(at.settings, 2)).toEqual({ ...START, theme: 'dark', volume: 7 });
    await at.state.flush();
    expect(at.shown()).toEqual({ ...START, theme: 'dark', volume: 7 });
  });

  test('of a place that changed meanwhile is kept aside and reported, and the rest of it is taken', async () => {
    await using at = await rendered();
    await at.settings.update((draft) => void (draft.volume = 7));
    at.edit({ theme: 'dark', volume: 3 });
    expect(await moved(at.settings, 2)).toEqual({ ...START, theme: 'dark', volume: 7 });
    const report = await at.directory.reported('conflict');
    expect(report).toMatchObject({ path: SETTINGS, places: [['volume']], keptAs: 'global/settings.conflict-1.json' });
    expect(JSON.parse(at.directory.read('global/settings.conflict-1.json'))).toEqual({ ...START, theme: 'dark', volume: 3 });
    await at.state.flush();
    expect(at.shown()).toEqual(at.settings.current);
  });

  test('made one after the other are all taken, each compared with the one before', async () => {
    await using at = await rendered();
    await at.settings.update((draft) => void (draft.tags = ['b']));
    at.edit({ theme: 'dark' });
    await moved(at.settings, 2);
    at.edit({ volume: 9 });
    expect(await moved(at.settings, 3)).toEqual({ ...START, tags: ['b'], theme: 'dark', volume: 9 });
  });

  test('that only moves words around is no commit', async () => {
    await using at = await rendered();
    at.directory.write(SETTINGS, JSON.stringify(Object.fromEntries(Object.entries(START).toReversed())));
    await at.state.global().get(Settings);
    expect(at.settings.version).toBe(1);
    await at.settings.update((draft) => void (draft.volume = 6));
    await at.state.flush();
    expect(Object.keys(at.shown())).toEqual(['limits', 'tags', 'volume', 'theme']);
  });

  test('that was made while nobody had the directory open is there when the state is got', async () => {
    const at = await rendered();
    await at.state.close();
    at.edit({ theme: 'dark' });
    await using state = await at.directory.open();
    expect((await state.global().get(Settings)).current.theme).toBe('dark');
  });

  test('of a state that nobody has got waits for that', async () => {
    const at = await rendered();
    await at.state.close();
    at.edit({ theme: 'dark' });
    await using state = await at.directory.open();
    await state.flush();
    expect(at.shown().theme).toBe('dark');
    expect((await state.global().get(Settings)).version).toBe(2);
  });

  test.each([
    [
      'replaced by renaming another over it',
      (path: string, write: (name: string) => void) => (
        write('global/new.tmp'),
        renameSync(path.replace('settings.json', 'new.tmp'), path)
      ),
    ],
    ['emptied and written', (path: string, write: (name: string) => void) => (truncateSync(path), write(SETTINGS))],
    ['deleted and written', (path: string, write: (name: string) => void) => (rmSync(path), write(SETTINGS))],
  ])('is noticed when the file is %s', async (_how, save) => {
    await using at = await rendered();
    const text = JSON.stringify({ ...START, theme: 'dark' });
    save(at.directory.join(SETTINGS), (name) => at.directory.write(name, text));
    expect((await moved(at.settings, 1)).theme).toBe('dark');
    expect(at.directory.reports).toEqual([]);
  });

  test('that keeps size and time of the file is noticed by its content', async () => {
    const at = await rendered();
    await at.state.close();
    at.directory.write(SETTINGS, at.directory.read(SETTINGS).replace('light', 'night'));
    utimesSync(at.directory.join(SETTINGS), 1, 1);
    await using state = await at.directory.open();
    expect((await state.global().get(Settings)).current.theme).toBe('night');
  });

  test('is no edit when the file was only touched', async () => {
    await using at = await rendered();
    utimesSync(at.directory.join(SETTINGS), new Date(), new Date());
    await at.state.global().get(Settings);
    expect(at.settings.version).toBe(1);
  });

  test('is noticed by scanning where the system does not tell', async () => {
    await using at = await rendered({ scanEveryMs: 30 });
    // Nobody watches a directory that was made by renaming until the next scan.
    renameSync(at.directory.join('global'), at.directory.join('elsewhere'));
    renameSync(at.directory.join('elsewhere'), at.directory.join('global'));
    at.edit({ theme: 'dark' });
    expect((await moved(at.settings, 1)).theme).toBe('dark');
  });
});

describe('an edit that cannot be taken', () => {
  test('because of the schema is reported with its place, and never rendered over until it is repaired', async () => {
    await using at = await rendered();
    at.edit({ volume: 'loud' });
    expect(await at.directory.reported('invalid')).toMatchObject({ path: SETTINGS, places: [['volume']], address: { state: 'settings' } });
    await at.settings.update((draft) => void (draft.tags = ['b']));
    await at.state.flush();
    expect(at.shown()).toMatchObject({ volume: 'loud', tags: ['a'] });
    at.edit({ volume: 6 });
    expect(await moved(at.settings, 2)).toEqual({ ...START, tags: ['b'], volume: 6 });
  });

  test('because of an invariant is reported', async () => {
    await using at = await rendered();
    at.edit({ volume: 11 });
    expect((await at.directory.reported('invalid')).message).toContain('the volume is at most 10');
    expect(at.settings.version).toBe(1);
  });

  test('because it makes no sense is reported with line and column, and kept', async () => {
    await using at = await rendered();
    at.directory.write(SETTINGS, '{\n  "theme": "dark",\n}');
    expect(await at.directory.reported('damaged')).toMatchObject({ path: SETTINGS, line: 3, column: 1 });
    await at.settings.update((draft) => void (draft.volume = 6));
    await at.state.flush();
    expect(at.directory.read(SETTINGS)).toBe('{\n  "theme": "dark",\n}');
  });

  test('is rendered over once the head is accepted', async () => {
    const { files } = await import('holdfast/files');
    const { StateManager } = await import('holdfast');
    const directory = new FileDirectory();
    const store = files(directory.path, { editSettlesMs: 20, onReport: (report) => directory.reports.push(report) });
    await using state = await StateManager.open({ store });
    await (await state.global().get(Counter)).set({ count: 1 });
    await state.flush();
    directory.write('global/counter.json', '{ "count": ');
    await state.global().get(Counter);
    expect(store.problems()).toMatchObject([{ kind: 'damaged', path: 'global/counter.json', line: 1 }]);
    await store.acceptHead(state.global(), 'counter');
    expect(store.problems()).toEqual([]);
    expect(directory.read('global/counter.json')).toBe('{\n  "count": 1\n}\n');
    await expect(store.acceptHead(state.global(), 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test.each([
    ['too large', `{ "theme": "${'x'.repeat(17_000_000)}" }`],
    ['not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d])],
    ['of another kind', '[1]'],
    ['a text', '"x"'],
    ['about __proto__', '{ "__proto__": { "theme": "dark" } }'],
  ])('because it is %s leaves the state as it is', async (_what, text) => {
    await using at = await rendered();
    at.directory.write(SETTINGS, text);
    await Promise.race([at.directory.reported('damaged'), at.directory.reported('invalid')]);
    expect(at.settings.current).toEqual(START);
    await at.state.flush();
    expect(readdirSync(at.directory.join('global'))).toEqual(['settings.json']);
  });
});

describe('erasing a subject', () => {
  test('takes its files with what was kept aside of them', async () => {
    await using at = await rendered();
    const tab = await at.state.conversation('anna', { subject: 'anna' }).get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await at.state.flush();
    await tab.update((draft) => order(draft, 'Gin', 8));
    at.directory.write('conversation/anna/tab.json', '{ "items": [], "total": 0 }');
    await at.directory.reported('conflict');
    await at.state.erase('anna');
    expect(readdirSync(at.directory.path).toSorted()).toEqual(['.holdfast', 'global']);
    for (const name of readdirSync(at.directory.join('.holdfast'))) expect(at.directory.read(`.holdfast/${name}`)).not.toContain('Gin');
  });
});

describe('a report', () => {
  test('goes to the diagnostics channel, and a callback that throws disturbs nobody', async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    subscribe('holdfast:file', resolve);
    const thrown = Promise.withResolvers<unknown>();
    subscribe('holdfast:error', thrown.resolve);
    await using at = await rendered({
      onReport: () => {
        throw new Error('mine');
      },
    });
    at.edit({ volume: 11 });
    expect(await promise).toMatchObject({ kind: 'invalid', path: SETTINGS });
    expect(await thrown.promise).toMatchObject({ error: { message: 'mine' } });
  });
});

describe('a deleted file', () => {
  test('is rendered again and reported', async () => {
    await using at = await rendered();
    rmSync(at.directory.join(SETTINGS));
    expect(await at.directory.reported('deleted')).toMatchObject({ path: SETTINGS });
    expect(at.shown()).toEqual(START);
  });
});

describe('files that are in a directory before its store is', () => {
  test('are imported as first versions', async () => {
    const directory = new FileDirectory();
    directory.write('team/%42ar/till.json', '{ "taken": 3 }');
    directory.write('global/counter.json', '{ "$definition": 2, "count": 3 }');
    directory.write('team/README.json', '{}');
    directory.write('package.json', '{}');
    await using state = await directory.open();
    expect(directory.reports.map(({ kind, path }) => `${kind} ${path}`).toSorted()).toEqual([
      'imported global/counter.json',
      'imported team/%42ar/till.json',
    ]);
    expect(await state.list({ scope: 'team' })).toEqual([{ scope: 'team', id: 'Bar' }]);
    const counter = await state.global().get({ ...Counter, version: 2 });
    expect([counter.version, counter.current]).toEqual([1, { count: 3 }]);
    expect(await Array.fromAsync(counter.history())).toMatchObject([{ actor: 'file', flags: ['file'] }]);
    await state.flush();
    expect(directory.read('global/counter.json')).toBe('{ "$definition": 2, "count": 3 }');
  });

  test('that make no sense are reported and left alone', async () => {
    const directory = new FileDirectory();
    directory.write('global/counter.json', '{ "count": ');
    await using state = await directory.open();
    const counter = await state.global().get(Counter);
    expect(await directory.reported('damaged')).toMatchObject({ line: 1, column: 12 });
    await counter.set({ count: 1 });
    await state.flush();
    expect(directory.read('global/counter.json')).toBe('{ "count": ');
  });

  test('that do not fit are repaired by editing them', async () => {
    const directory = new FileDirectory();
    directory.write('global/counter.json', '{ "count": "3" }');
    await using state = await directory.open();
    await expect(state.global().get(Counter)).rejects.toMatchObject({ code: 'VALIDATION_FAILED' });
    directory.write('global/counter.json', '{ "count": 3 }');
    const counter = await state.global().get(Counter);
    expect([counter.current, counter.version]).toEqual([{ count: 3 }, 2]);
  });

  test('in a place of their own are imported when their state is got', async () => {
    const directory = new FileDirectory();
    directory.write('config.json', JSON.stringify({ ...START, theme: 'dark' }));
    await using state = await directory.open({ place: (_entity, name) => (name === 'settings' ? 'config.json' : undefined) });
    const settings = await state.global().get(Settings);
    expect([settings.current.theme, settings.version]).toEqual(['dark', 1]);
    directory.write('config.json', JSON.stringify({ ...START, theme: 'grey' }));
    expect((await moved(settings, 1)).theme).toBe('grey');
  });
});

describe('a file made by hand', () => {
  test('for a state that has no version becomes its first one', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open();
    const counter = await state.global().get(Counter);
    directory.write('global/counter.json', '{ "count": 3 }');
    expect(await moved(counter, 0)).toEqual({ count: 3 });
    expect(counter.version).toBe(1);
  });

  test('that nobody knows where it comes from is kept aside', async () => {
    const at = await rendered();
    await at.state.close();
    at.edit({ volume: 1 });
    const { DatabaseSync } = await import('node:sqlite');
    const db = new DatabaseSync(at.directory.join('.holdfast/store.db'));
    db.exec('UPDATE rendered SET sum = sum + 1');
    db.close();
    await using state = await at.directory.open();
    await state.global().get(Settings);
    expect(await at.directory.reported('unknown')).toMatchObject({ path: SETTINGS, keptAs: 'global/settings.conflict-1.json' });
    expect(at.shown()).toEqual(START);
    expect(at.directory.read('global/settings.conflict-1.json')).toContain('"volume":1');
  });
});
