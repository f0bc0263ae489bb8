import { existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateManager } from 'holdfast';
import { files } from 'holdfast/files';
import { sqlite } from 'holdfast/sqlite';
import { describe, expect, test } from 'vitest';
import { order, Tab } from '../support/bar.ts';
import { Counter } from '../support/counter.ts';
import { FileDirectory } from '../support/file-directory.ts';
import { Settings } from '../support/settings.ts';

const SETTINGS = 'global/settings.json';
const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('a file store', () => {
  test('shows each state in a file of its own after a flush, for its owner only', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open();
    const tab = await state.conversation('Anna').get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5));
    await state.flush();
    const path = 'conversation/%41nna/tab.json';
    expect(directory.read(path)).toBe('{\n  "items": [\n    {\n      "name": "Beer",\n      "price": 5\n    }\n  ],\n  "total": 5\n}\n');
    expect([mode(directory.join(path)), mode(directory.join('conversation/%41nna')), mode(directory.join('.holdfast'))]).toEqual([
      '600',
      '700',
      '700',
    ]);
    expect(mode(directory.join('.holdfast/store.db'))).toBe('600');
  });

  test('renders by itself a moment after the last change, and while changes go on', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open({ renderAfterMs: 50, renderAtMostAfterMs: 200 });
    const counter = await state.global().get(Counter);
    const end = Date.now() + 20_000;
    while (!existsSync(directory.join('global/counter.json')) && Date.now() < end) await counter.update((draft) => (draft.count += 1));
    const { count } = JSON.parse(directory.read('global/counter.json')) as { count: number };
    expect(count).toBeGreaterThan(1);
  });

  test('has rendered everything when it is closed, and leaves nothing else behind', async () => {
    const directory = new FileDirectory();
    const state = await directory.open();
    await (await state.global().get(Counter)).set({ count: 7 });
    await state.close();
    expect(directory.read('global/counter.json')).toBe('{\n  "count": 7\n}\n');
    expect(readdirSync(directory.join('global'))).toEqual(['counter.json']);
  });

  test('renders at the next open what was committed without it, and clears what a dead renderer left', async () => {
    const directory = new FileDirectory();
    await (await directory.open()).close();
    const inside = await StateManager.open({ store: sqlite(directory.join('.holdfast/store.db')) });
    await (await inside.global().get(Counter)).set({ count: 3 });
    await inside.close();
    directory.write('global/.counter.json.1-dead.holdfast-tmp', '{ "cou');
    await using state = await directory.open();
    await state.flush();
    expect(readdirSync(directory.join('global'))).toEqual(['counter.json']);
    expect(directory.read('global/counter.json')).toContain('3');
  });

  test('keeps the order that keys have in the file', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open();
    const settings = await state.global().get(Settings);
    await settings.set({ limits: { b: 1, a: 2 }, volume: 1, tags: ['x'], theme: 'dark' });
    await state.flush();
    await settings.set({ theme: 'light', volume: 1, tags: ['x'], limits: { a: 2, b: 1, c: 3 } });
    await state.flush();
    const shown = JSON.parse(directory.read(SETTINGS)) as { limits: object };
    expect([Object.keys(shown), Object.keys(shown.limits)]).toEqual([
      ['limits', 'volume', 'tags', 'theme'],
      ['b', 'a', 'c'],
    ]);
  });

  test('removes the files of a deleted entity, with the directories that become empty', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open();
    for (const id of ['anna', 'ben']) await (await state.conversation(id).get(Tab)).update((draft) => order(draft, 'Beer', 5));
    await state.flush();
    await state.conversation('anna').delete();
    await state.flush();
    expect(readdirSync(directory.join('conversation'))).toEqual(['ben']);
  });

  test('renders an entity made anew under the id of a deleted one', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open();
    await (await state.conversation('anna').get(Tab)).update((draft) => order(draft, 'Beer', 5));
    await state.flush();
    await state.conversation('anna').delete();
    await (await state.conversation('anna').get(Tab)).update((draft) => order(draft, 'Gin', 8));
    await state.flush();
    expect(directory.read('conversation/anna/tab.json')).toContain('Gin');
  });

  test('says of a newer shape of a state which version of its definition it has', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open();
    const second = { ...Counter, version: 2 };
    await (await state.global().get(second)).set({ count: 1 });
    await state.flush();
    expect(directory.read('global/counter.json')).toBe('{\n  "$definition": 2,\n  "count": 1\n}\n');
  });

  test('refuses a newer format of its records, and changes nothing', async () => {
    const directory = new FileDirectory();
    await (await directory.open()).close();
    const { DatabaseSync } = await import('node:sqlite');
    const { crc32 } = await import('node:zlib');
    const value = JSON.stringify({ format: 2, storeId: 'x' });
    const db = new DatabaseSync(directory.join('.holdfast/store.db'));
    db.prepare("UPDATE meta SET value = ?, sum = ? WHERE key = 'files'").run(value, crc32(value, crc32('files')));
    db.close();
    await expect(directory.open()).rejects.toMatchObject({ code: 'NEWER_VERSION', data: { found: 2, known: 1 } });
  });
});

describe('a place of its own', () => {
  test('is where the state is shown, in the format that its name says', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open({ place: (_entity, name) => (name === 'settings' ? 'config/config.yaml' : undefined) });
    await (await state.global().get(Settings)).update((draft) => void (draft.theme = 'dark'));
    await state.flush();
    expect(directory.read('config/config.yaml')).toContain('theme: dark\n');
  });

  test('moves with what `place` says at the next open', async () => {
    const directory = new FileDirectory();
    const state = await directory.open();
    await (await state.global().get(Counter)).set({ count: 1 });
    await state.close();
    await (await directory.open({ place: () => 'counter.json' })).close();
    expect(directory.read('counter.json')).toContain('1');
    expect(existsSync(directory.join('global'))).toBe(false);
  });

  test.each(['../x.json', '/x.json', 'a//b.json', '.holdfast/x.json', 'x.txt', 'a\\x.json', 'a/./x.json'])('cannot be %s', async (path) => {
    const directory = new FileDirectory();
    await using state = await directory.open({ place: () => path });
    await expect(state.global().get(Counter)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(readdirSync(directory.path)).toEqual(['.holdfast']);
  });

  test('belongs to one state: another one is reported and not shown', async () => {
    const directory = new FileDirectory();
    await using state = await directory.open({ place: () => 'one.json' });
    await (await state.global().get(Counter)).set({ count: 1 });
    await state.flush();
    await (await state.global().get(Settings)).update((draft) => void (draft.volume = 1));
    await state.flush();
    expect(await directory.reported('refused')).toMatchObject({ path: 'one.json', address: { state: 'settings' } });
    expect(directory.read('one.json')).toContain('count');
  });
});

describe('a symbolic link that leads out of the directory', () => {
  test.each(['directory', 'file'])('is not written through, as a %s', async (kind) => {
    const outside = mkdtempSync(join(tmpdir(), 'holdfast-outside-'));
    const directory = new FileDirectory();
    if (kind === 'directory') symlinkSync(outside, directory.join('global'));
    else {
      directory.write('global/x', '');
      writeFileSync(join(outside, 'counter.json'), 'theirs');
      symlinkSync(join(outside, 'counter.json'), directory.join('global/counter.json'));
    }
    await using state = await directory.open();
    await (await state.global().get(Counter)).set({ count: 1 });
    await state.flush();
    expect(await directory.reported('refused')).toMatchObject({ address: { state: 'counter' } });
    expect(readdirSync(outside)).toEqual(kind === 'directory' ? [] : ['counter.json']);
  });
});

test('the options of a file store are checked', () => {
  expect(() => files('')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(() => files('x', { renderAfterMs: Number.NaN })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(() => files('x', { format: 'toml' as 'json' })).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});
