import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sqlite } from 'holdfast/sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram } from '../support/run-program.ts';
import { creation } from '../support/store-records.ts';
import { freshDatabase } from '../support/test-store.ts';

/** The files of a directory with their bytes; shared memory is no data. */
function files(directory: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(directory).map((name) => [name, name.endsWith('-shm') ? '' : readFileSync(join(directory, name)).toString('base64')]),
  );
}

async function databaseWith(...ids: readonly string[]): Promise<string> {
  const path = freshDatabase();
  const store = sqlite(path);
  await store.open();
  for (const id of ids) await store.commit([creation(id)]);
  await store.close();
  return path;
}

async function openToRead(path: string): Promise<ReturnType<typeof sqlite>> {
  const store = sqlite(path, { pollMs: 5 });
  onTestFinished(() => store.close());
  await store.open({ readOnly: true });
  return store;
}

test('reading a database that nobody has open makes no log and changes no byte', async () => {
  const path = await databaseWith('a');
  const before = files(dirname(path));
  const store = await openToRead(path);
  expect(await store.entity('team', 'a')).toBeDefined();
  expect(files(dirname(path))).toEqual(before);
  await store.close();
  expect(files(dirname(path))).toEqual(before);
});

test('a reader that was there first sees what a writer commits, and what it left when it closed', async () => {
  const path = await databaseWith('a');
  const [reader, writer] = [await openToRead(path), sqlite(path)];
  let moved = Promise.withResolvers<void>();
  reader.signal(() => moved.resolve());
  await writer.open();
  await writer.commit([creation('b')]);
  await moved.promise;
  expect(await reader.entity('team', 'b')).toBeDefined();
  moved = Promise.withResolvers<void>();
  await writer.commit([creation('c')]);
  await moved.promise;
  await writer.close();
  expect((await reader.entities({}, undefined, 10)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});

test('a writer that opened, committed and closed between two looks is noticed', async () => {
  const path = await databaseWith('a');
  const [reader, writer] = [await openToRead(path), sqlite(path)];
  expect(await reader.entity('team', 'b')).toBeUndefined();
  await writer.open();
  await writer.commit([creation('b')]);
  await writer.close();
  expect(existsSync(`${path}-wal`)).toBe(false);
  expect(await reader.entity('team', 'b')).toBeDefined();
});

test('copies the store that it reads, without a trace beside it', async () => {
  const path = await databaseWith('a');
  const [store, copy] = [await openToRead(path), join(dirname(freshDatabase()), 'copy.db')];
  await store.backup?.(copy);
  expect(readdirSync(dirname(path))).toEqual(['state.db']);
  expect(await (await openToRead(copy)).entity('team', 'a')).toBeDefined();
});

test('a file that is not there is NOT_FOUND, also in a directory that is not there', async () => {
  const path = freshDatabase();
  for (const missing of [path, join(path, 'no', 'bar.db')])
    await expect(sqlite(missing).open({ readOnly: true })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { what: missing } });
  expect(readdirSync(dirname(path))).toEqual([]);
});

test('a file that is no store is CORRUPT_STATE as ever', async () => {
  const path = freshDatabase();
  mkdirSync(path);
  await expect(sqlite(path).open({ readOnly: true })).rejects.toMatchObject({ code: 'CORRUPT_STATE' });
});

for (const isInUse of [false, true]) {
  test(`somebody who may write neither file nor directory reads it ${isInUse ? 'while another writes' : 'while nobody has it open'}`, async () => {
    const path = await databaseWith('a');
    const writer = sqlite(path);
    onTestFinished(() => writer.close());
    if (isInUse) {
      await writer.open();
      await writer.commit([creation('b')]);
    }
    for (const name of readdirSync(dirname(path))) chmodSync(join(dirname(path), name), 0o444);
    chmodSync(dirname(path), 0o555);
    // Root may write everything, so that it reads as nobody.
    const reading = runProgram('list-teams', path, ...(process.getuid?.() === 0 ? ['65534'] : []));
    await reading.ended;
    chmodSync(dirname(path), 0o755);
    expect(reading.lines).toEqual(isInUse ? ['a', 'b'] : ['a']);
  });
}
