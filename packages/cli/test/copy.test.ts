import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { files } from 'holdfast/files';
import { postgres } from 'holdfast/postgres';
import { sqlite } from 'holdfast/sqlite';
import pg from 'pg';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { holdfast, startHoldfast } from './support/run-holdfast.ts';
import { freshPath, largeStore, notesIn, smallStore } from './support/stores.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly postgresUrl: string;
  }
}

const NOTES = { notes: ['one', 'two', 'three'], checkpoint: 'now' };

describe('holdfast copy', () => {
  it('copies a store, says what it copied, and ends with 0', async () => {
    const [from, to] = [await smallStore(), freshPath('copy.db')];
    const { code, stdout, stderr } = await holdfast('copy', `sqlite:${from}`, `sqlite:${to}`);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`Copied sqlite:${from} to sqlite:${to}.`)]);
    expect(stdout).toContain('1 entities, 4 commits with 3 versions, 1 items');
    expect(stderr).toContain('copying 100 % of 6 records\n');
    expect(stderr).not.toContain('\r');
    expect(await notesIn(sqlite(to))).toEqual(NOTES);
  });

  it('makes the files of a store of files, in the format that is asked for', async () => {
    const [from, to] = [await smallStore(), freshPath('states')];
    expect((await holdfast('copy', `sqlite:${from}`, `files:${to}`, '--format', 'yaml')).code).toBe(0);
    expect(readFileSync(join(to, 'conversation', 'anna', 'notes.yaml'), 'utf8')).toContain('- three');
    expect(await notesIn(files(to, { format: 'yaml' }))).toEqual(NOTES);
  });

  it('copies to Postgres and back, and shows no password', async () => {
    const [from, to] = [await smallStore(), freshPath('back.db')];
    const url = new URL(inject('postgresUrl'));
    url.searchParams.set('schema', 'from_the_command_line');
    const there = await holdfast('copy', `sqlite:${from}`, url.href, '--json');
    const back = await holdfast('copy', url.href, `sqlite:${to}`);
    expect([there.code, back.code]).toEqual([0, 0]);
    expect(await notesIn(sqlite(to))).toEqual(NOTES);
    const pool = new pg.Pool({ connectionString: inject('postgresUrl') });
    onTestFinished(() => pool.end());
    expect(await notesIn(postgres({ client: pool, schema: 'from_the_command_line' }))).toEqual(NOTES);
    expect(there.stdout + there.stderr + back.stdout + back.stderr).not.toContain(`:${url.password}@`);
    expect(JSON.parse(there.stdout)).toMatchObject({
      to: `postgres://postgres@127.0.0.1:${url.port}/postgres?schema=from_the_command_line`,
    });
  });

  it('gives one line of JSON and nothing else when asked to', async () => {
    const [from, to] = [await smallStore(), freshPath('copy.db')];
    const { code, stdout, stderr } = await holdfast('copy', `sqlite:${from}`, `sqlite:${to}`, '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      from: `sqlite:${from}`,
      to: `sqlite:${to}`,
      entities: 1,
      commits: 4,
      changes: 3,
      items: 1,
      resumed: false,
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const again = await holdfast('copy', `sqlite:${from}`, `sqlite:${to}`, '--json');
    expect([again.code, JSON.parse(again.stdout)]).toMatchObject([1, { ok: false, code: 'INVALID_ARGUMENT' }]);
  });

  it.each([
    ['SIGKILL', null, ''],
    ['SIGINT', 130, 'Interrupted. Give the same command again to go on.'],
  ] as const)('goes on by itself when the copy before was ended by %s', { timeout: 60_000 }, async (signal, exitCode, message) => {
    const [from, to] = [await largeStore(2_000), freshPath('copy.db')];
    const first = startHoldfast('copy', `sqlite:${from}`, `sqlite:${to}`);
    await first.said;
    first.child.kill(signal);
    const { code, stderr } = await first.ended;
    expect([code, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
    expect(await holdfast('du', `sqlite:${to}`)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not a whole copy yet') as string,
    });
    const second = await holdfast('copy', `sqlite:${from}`, `sqlite:${to}`, '--json');
    expect(JSON.parse(second.stdout)).toMatchObject({ ok: true, resumed: true, entities: 2_000, commits: 2_000 });
  });
});

describe('a command line that makes no sense', () => {
  it.each([
    [['copy', 'sqlite:a.db']],
    [['copy', 'mongo:secret-password', 'sqlite:b.db']],
    [['copy', 'sqlite:', 'sqlite:b.db']],
    [['copy', 'postgres://anna:secret-password@[', 'sqlite:b.db']],
    [['copy', 'sqlite:a.db', 'files:b', '--format', 'xml']],
    [['move']],
  ])('%j ends with 2 and says how it is written, without a password', async (args) => {
    const { code, stdout, stderr } = await holdfast(...args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.length).toBeGreaterThan(10);
    expect(stderr).not.toContain('secret-password');
  });
});

describe('a store that cannot be reached', () => {
  it('ends with 1 and says why, without the password', async () => {
    const to = freshPath('copy.db');
    const { code, stderr } = await holdfast('copy', 'postgres://anna:secret-password@127.0.0.1:1/bar', `sqlite:${to}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('(STORE_UNAVAILABLE)')]);
    expect(stderr).not.toContain('secret-password');
  });

  it('is not made by being named as the source', async () => {
    const missing = freshPath('missing.db');
    const { code, stderr } = await holdfast('copy', `sqlite:${missing}`, `sqlite:${freshPath('copy.db')}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining('(NOT_FOUND)')]);
    expect((await holdfast('du', `sqlite:${missing}`)).code).toBe(1);
  });
});
