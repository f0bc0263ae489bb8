import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runMaya } from '../support/run-maya.ts';
import { Visitor } from '../support/visitor.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maya-start-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the server as a process', () => {
  it('prints one line with its address, keeps its files to itself, and goes on where it was ended', async () => {
    const store = `sqlite:${join(directory, 'data', 'bar.db')}`;
    const first = await runMaya(store);
    const guest = new Visitor(first.url!);
    await guest.say('two dry martinis and a tap beer, please');
    const before = await guest.session();
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
    expect(first.stdout()).toMatch(/^Maya is open at http:\/\/127\.0\.0\.1:\d+\/\n$/);
    expect((await stat(join(directory, 'data'))).mode & 0o777).toBe(0o700);
    for (const file of ['bar.db', 'bar-payments.db']) expect((await stat(join(directory, 'data', file))).mode & 0o777).toBe(0o600);

    const second = await runMaya(store);
    expect(await new Visitor(second.url!, guest.cookie).session()).toEqual(before);
    second.child.kill('SIGTERM');
    expect(await second.exited).toBe(0);
  });

  it('does not start over a file that is no database, and leaves it as it is', async () => {
    const file = join(directory, 'bar.db');
    await writeFile(file, 'Dear diary, this is no database. '.repeat(100));

    const { exited, stdout, stderr } = await runMaya(`sqlite:${file}`);

    expect(await exited).toBe(1);
    expect(stdout()).toBe('');
    expect(stderr()).toMatch(/^Maya cannot open: .*bar\.db.*\n$/);
    expect(await readFile(file, 'utf8')).toBe('Dear diary, this is no database. '.repeat(100));
  });

  it('does not start over a database of a newer format, and leaves it as it is', async () => {
    const file = join(directory, 'bar.db');
    const first = await runMaya(`sqlite:${file}`);
    first.child.kill('SIGTERM');
    await first.exited;
    makeNewer(file);

    const { exited, stderr } = await runMaya(`sqlite:${file}`);

    expect(await exited).toBe(1);
    expect(stderr()).toMatch(/^Maya cannot open: .*(newer|format).*\n$/i);
  });

  it.each(['no database', 'newer'])('does not start over a payment ledger that is %s', async (what) => {
    const file = join(directory, 'bar-payments.db');
    if (what === 'newer') new DatabaseSync(file).exec('PRAGMA user_version = 99');
    else await writeFile(file, 'no ledger '.repeat(200));

    const { exited, stderr } = await runMaya(`sqlite:${join(directory, 'bar.db')}`);

    expect(await exited).toBe(1);
    expect(stderr()).toMatch(/^Maya cannot open: The payment ledger .*bar-payments\.db cannot be used: .*\n$/);
  });

  it('does not start with a setting that does not fit, nor on a port that is taken', async () => {
    const misfit = await runMaya('memory:', { MAYA_SESSION_EXPIRY_SECONDS: 'soon' });
    expect(await misfit.exited).toBe(1);
    expect(misfit.stderr()).toMatch(/^Maya cannot open: MAYA_SESSION_EXPIRY_SECONDS is "soon"; it must be a whole number .*\n$/);

    const live = await runMaya('memory:', { STRIPE_SECRET_KEY: 'sk_live_51abc' });
    expect(await live.exited).toBe(1);
    expect(live.stderr()).toMatch(/^Maya cannot open: STRIPE_SECRET_KEY is a live key.*sk_test_.*\n$/);
    expect(live.stderr()).not.toContain('51abc');

    const first = await runMaya('memory:');
    const second = await runMaya('memory:', {}, new URL(first.url!).port);
    expect(await second.exited).toBe(1);
    expect(second.stderr()).toMatch(/^Maya cannot open: .*address already in use.*\n$/);
    first.child.kill('SIGTERM');
    expect(await first.exited).toBe(0);
  });
});

/** Raises the format that the file says it has. */
function makeNewer(file: string): void {
  const db = new DatabaseSync(file);
  const { user_version: version } = db.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > 0) db.exec(`PRAGMA user_version = ${version + 1}`);
  else db.exec(`UPDATE meta SET value = value + 1 WHERE key = 'format'`);
  db.close();
}
