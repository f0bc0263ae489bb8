import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from 'holdfast/sqlite';
import type { Change, LoadedState, Store } from 'holdfast/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commitOf, patchesOf } from '../support/store-records.ts';

/** More than two of the pages in which a log is read. */
const VERSIONS = 600;

let directory: string;
let store: Store;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-long-log-'));
  store = sqlite(join(directory, 'bar.db'));
  await store.open();
});

afterEach(async () => {
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A state of 600 versions, full at the first; `others` are not what they would have been. Answers its eid. */
async function longLog(others: Readonly<Record<number, Partial<Change>>> = {}): Promise<number> {
  const result = await store.commit([commitOf({ creates: [{ ref: -1, scope: 'conversation', id: 'one' }] })]);
  const eid = result.ok ? result.created[0]!.eid : 0;
  const changes = Array.from({ length: VERSIONS }, (_, index): Change => {
    const version = index + 1;
    const kind = version === 1 ? 'full' : 'patch';
    return { eid, state: 'list', version, defVersion: 1, kind, body: `"v${version}"`, ...others[version] };
  });
  await store.commit([commitOf({ changes })]);
  return eid;
}

/** Changes the rows behind the store's back. */
function damage(sql: string): void {
  const db = new DatabaseSync(join(directory, 'bar.db'));
  db.exec(sql);
  db.close();
}

function versionsOf(loaded: LoadedState | undefined): readonly number[] {
  return loaded ? [loaded.base.version, ...patchesOf(loaded).map(({ version }) => version)] : [];
}

const upTo = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test('is loaded whole, and at any version, each change with its own body', async () => {
  const eid = await longLog();
  for (const version of [1, 2, 255, 256, 257, 258, 512, 513, VERSIONS]) {
    const loaded = await store.load(eid, 'list', version);
    expect(versionsOf(loaded)).toEqual(upTo(1, version));
    for (const patch of patchesOf(loaded!)) expect(patch).toMatchObject({ defVersion: 1, body: `"v${patch.version}"` });
  }
});

test.each([2, 88, 300, 344, 345, 599, VERSIONS])('is loaded from its newest full value, version %i', async (version) => {
  const eid = await longLog({ [version]: { kind: 'full', body: '"all of it"' } });
  const loaded = await store.load(eid, 'list');
  expect(loaded!.base).toEqual({ version, defVersion: 1, body: '"all of it"' });
  expect(versionsOf(loaded)).toEqual(upTo(version, VERSIONS));
});

test.each([1, 88, 344, 345, 600])('is loaded from its newest snapshot, version %i', async (version) => {
  const eid = await longLog();
  await store.compact({ snapshots: [{ eid, state: 'list', version, defVersion: 1, body: '"snapshot"' }], prune: [] });
  const loaded = await store.load(eid, 'list');
  expect(loaded!.base.body).toBe('"snapshot"');
  expect(versionsOf(loaded)).toEqual(upTo(version, VERSIONS));
});

test('may be of several versions of its definition, each change of its own', async () => {
  const eid = await longLog({ 400: { defVersion: 2 }, 599: { defVersion: 2 } });
  const patches = patchesOf((await store.load(eid, 'list'))!);
  expect(patches).toHaveLength(VERSIONS - 1);
  expect(patches.filter(({ defVersion }) => defVersion === 2).map(({ version }) => version)).toEqual([400, 599]);
});

test.each(['["a",\n"b"]', '\n"a"', '"a"\n', '["a\\n",\n\n"b"]'])('may hold a patch of several lines, as %j', async (body) => {
  const eid = await longLog({ 500: { body } });
  const loaded = (await store.load(eid, 'list'))!;
  expect(versionsOf(loaded)).toEqual(upTo(1, VERSIONS));
  const around = patchesOf(loaded).slice(497, 500);
  expect(around.map((patch) => JSON.parse(patch.body) as unknown)).toEqual(['v499', JSON.parse(body), 'v501']);
});

const bodyOf = (version: number): string => JSON.stringify(`v${version} ${'ネグローニ é 🍸 '.repeat((version * version) % 97)}`);

test('may be of any script, and of bodies of any length', async () => {
  const eid = await longLog(Object.fromEntries(upTo(1, VERSIONS).map((version) => [version, { body: bodyOf(version) }])));
  const loaded = (await store.load(eid, 'list'))!;
  expect([loaded.base.body, ...patchesOf(loaded).map(({ body }) => body)]).toEqual(upTo(1, VERSIONS).map(bodyOf));
});

test.each([
  ['a body that is another', `UPDATE change SET body = '"v501"' WHERE version = 500`],
  ['a body that is two', `UPDATE change SET body = body || ',' || char(10) || body WHERE version = 500`],
  ['a missing version', 'DELETE FROM change WHERE version = 500'],
  ['a seq that is another', 'UPDATE change SET seq = seq + 1 WHERE version = 500'],
  ['a version of the definition that is another', 'UPDATE change SET def_version = 2 WHERE version = 500'],
  ['a patch that says to be the whole', `UPDATE change SET kind = 'full' WHERE version = 500`],
  ['a checksum that is another', 'UPDATE change SET sum = sum + 1 WHERE version = 500'],
  ['a checksum with a bit more than it has', 'UPDATE change SET sum = sum + (1 << 32) WHERE version = 500'],
])('is damaged: %s, and the version before is the last good one', async (_, sql) => {
  const eid = await longLog();
  damage(sql);
  const data = { what: expect.stringContaining('list') as string, lastGoodVersion: 499 };
  await expect(store.load(eid, 'list')).rejects.toMatchObject({ code: 'CORRUPT_STATE', data });
  await expect(store.load(eid, 'list', 500)).rejects.toMatchObject({ code: 'CORRUPT_STATE', data });
  expect(versionsOf(await store.load(eid, 'list', 499))).toEqual(upTo(1, 499));
});
