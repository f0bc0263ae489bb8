import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { CursorReader } from '../../cursor/cursor-reader.ts';
import { cursorUserFolder } from '../../cursor/workspace-storage.ts';
import { composer, CursorStandIn, writeRecord } from '../support/cursor-stand-in.ts';
import { RunningProgram } from '../support/run-program.ts';

const BAR = 'file:///home/anna/my%20bar';

function open(): { cursor: CursorStandIn; reader: CursorReader } {
  const cursor = new CursorStandIn();
  let now = 0;
  // Each look is seconds after the one before.
  return { cursor, reader: new CursorReader({ userFolder: cursor.userFolder, now: () => (now += 10_000) }) };
}

function idsIn(reader: CursorReader, uri: string = BAR): readonly string[] {
  const reading = reader.chatsOf(uri);
  return reading.kind === 'read' ? reading.chats.map(({ id }) => id) : [reading.kind];
}

describe('the chats of a workspace', () => {
  test('are read from the storage folder whose workspace.json names it, also in another spelling', () => {
    const { cursor, reader } = open();
    cursor.storage('one', BAR, { allComposers: [composer('a', { name: ' Menu ' })], lastFocusedComposerIds: ['gone', 'a'] });
    cursor.storage('two', 'file:///home/anna/inn', { allComposers: [composer('b')] });
    expect(reader.chatsOf('/home/anna/my bar/')).toEqual({
      kind: 'read',
      chats: [{ id: 'a', name: 'Menu', createdAt: 1_000, lastUpdatedAt: 2_000 }],
      focusedId: 'a',
    });
  });

  test('are read from the older record as well', () => {
    const { cursor, reader } = open();
    cursor.storage('one', BAR, {
      chats: [
        { id: 'a', title: 'Menu', createdAt: 1_000, lastUpdatedAt: 3_000, archived: false },
        { composerId: 'b', name: 'Wine', createdAt: 1_000 },
        { id: 'c', title: 'Old', lastUpdatedAt: 2_000, archived: true },
      ],
    });
    expect(idsIn(reader)).toEqual(['a', 'b']);
  });

  test.each([
    ['archived', { isArchived: true }],
    ['a draft', { isDraft: true }],
    ['a ghost without name and answer', { name: undefined, lastUpdatedAt: undefined }],
    ['a ghost whose name is blank', { name: '  ', lastUpdatedAt: null }],
    ['named by what is no id', { composerId: '../../etc' }],
    ['named like what every object has', { composerId: '__proto__' }],
    ['named by an object', { composerId: { toString: 1 } }],
  ])('are without one that is %s', (_what, fields) => {
    const { cursor, reader } = open();
    cursor.storage('one', BAR, { allComposers: [composer('a'), composer('b', fields), 'text', null, 7] });
    expect(idsIn(reader)).toEqual(['a']);
  });

  test('keep one without a name that was answered, and one with a name that was not', () => {
    const { cursor, reader } = open();
    const allComposers = [composer('a', { name: undefined }), composer('b', { lastUpdatedAt: 'yesterday' })];
    cursor.storage('one', BAR, { allComposers });
    expect(reader.chatsOf(BAR)).toMatchObject({
      chats: [
        { id: 'a', name: null },
        { id: 'b', lastUpdatedAt: 1_000 },
      ],
      focusedId: null,
    });
  });

  test('of several storage folders are merged by id, and the newest wins, also when it is archived there', () => {
    const { cursor, reader } = open();
    cursor.storage('one', BAR, { allComposers: [composer('a', { name: 'New', lastUpdatedAt: 9_000 }), composer('b')] });
    cursor.storage('two', BAR, {
      allComposers: [composer('a', { name: 'Old' }), composer('b', { isArchived: true, lastUpdatedAt: 3_000 }), composer('c')],
    });
    expect(reader.chatsOf(BAR)).toMatchObject({ kind: 'read', chats: [{ id: 'a', name: 'New' }, { id: 'c' }] });
  });

  test('that another program has committed to its write-ahead log are seen', async () => {
    const { cursor, reader } = open();
    const path = cursor.storage('one', BAR, { allComposers: [composer('a')] });
    const program = await RunningProgram.start('hold-database', [path]);
    await program.tell(`write ${JSON.stringify({ allComposers: [composer('a'), composer('b')] })}`);
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    expect(idsIn(reader)).toEqual(['a', 'b']);
    await program.tell(`write ${JSON.stringify({ allComposers: [composer('c')] })}`);
    expect(idsIn(reader)).toEqual(['c']);
  });

  test.each(['wal', 'delete'] as const)('are read without a trace from a database in mode %s', (journal) => {
    const { cursor, reader } = open();
    const path = cursor.storage('one', BAR, { allComposers: [composer('a')] }, journal);
    const look = (): unknown => [
      readdirSync(dirname(path)).toSorted(),
      createHash('sha256').update(readFileSync(path)).digest('hex'),
      statSync(path).mtimeMs,
    ];
    const before = look();
    chmodSync(path, 0o400);
    expect(idsIn(reader)).toEqual(['a']);
    expect(look()).toEqual(before);
  });

  test('are not read again while nothing changed, and are once something did', () => {
    const { cursor, reader } = open();
    const path = cursor.storage('one', BAR, { allComposers: [composer('a')] });
    const first = reader.chatsOf(BAR);
    const stat = statSync(path, { bigint: true });
    expect(reader.chatsOf(BAR)).toEqual(first);
    cursor.write(path, { allComposers: [composer('b')] });
    expect(statSync(path, { bigint: true }).mtimeNs).not.toBe(stat.mtimeNs);
    expect(idsIn(reader)).toEqual(['b']);
  });

  test('may be thousands', () => {
    const { cursor, reader } = open();
    const allComposers = Array.from({ length: 10_000 }, (_, index) => composer(`c${index}`, { subtitle: 'x'.repeat(200) }));
    cursor.storage('one', BAR, { allComposers });
    expect(idsIn(reader)).toHaveLength(10_000);
  });
});

describe('a failed reading says so, and is no list', () => {
  const whole = { allComposers: [composer('a')] };

  test('when another program holds the database exclusively, until it lets go', async () => {
    const { cursor, reader } = open();
    const path = cursor.storage('one', BAR, whole, 'delete');
    const program = await RunningProgram.start('hold-database', [path]);
    await program.tell('lock');
    expect(reader.chatsOf(BAR)).toMatchObject({ kind: 'failed', message: expect.stringContaining('locked') as string });
    await program.end();
    expect(idsIn(reader)).toEqual(['a']);
  });

  test.each<[string, (path: string) => void]>([
    ['no database', (path) => writeFileSync(path, 'not a database, but long enough to be looked at by SQLite'.repeat(20))],
    ['cut short', (path) => truncateSync(path, 4_097)],
    ['not JSON', (path) => overwrite(path, '{ "allComposers": [')],
    ['a text', (path) => overwrite(path, '"allComposers"')],
    ['of an unknown shape', (path) => overwrite(path, '{ "composers": [] }')],
    ['without lists', (path) => overwrite(path, '{ "allComposers": {} }')],
    ['of too many chats', (path) => overwrite(path, JSON.stringify({ allComposers: Array.from({ length: 10_001 }, () => 0) }))],
    ['too large', (path) => overwrite(path, ' '.repeat(33_554_433))],
  ])('when it is %s', (_what, damage) => {
    const { cursor, reader } = open();
    damage(cursor.storage('one', BAR, { ...whole, padding: 'x'.repeat(20_000) }));
    expect(reader.chatsOf(BAR)).toMatchObject({ kind: 'failed' });
  });

  test('when one of several databases is damaged', () => {
    const { cursor, reader } = open();
    cursor.storage('one', BAR, whole);
    writeFileSync(cursor.storage('two', BAR, whole), 'no database at all, of some length'.repeat(20));
    expect(reader.chatsOf(BAR)).toMatchObject({ kind: 'failed', message: expect.stringContaining(join('two', 'state.vscdb')) as string });
  });

  test.each<[string, (cursor: CursorStandIn) => void]>([
    ['there is no Cursor', ({ userFolder }) => rmSync(userFolder, { recursive: true })],
    ['Cursor does not know the folder', (cursor) => void cursor.storage('one', 'file:///elsewhere', whole)],
    ['there is no record yet', (cursor) => void cursor.storage('one', BAR)],
    ['workspace.json is damaged', (cursor) => writeFileSync(join(dirname(cursor.storage('one', BAR, whole)), 'workspace.json'), '{')],
    ['the database is gone', (cursor) => rmSync(cursor.storage('one', BAR, whole))],
  ])('when %s', (_what, arrange) => {
    const { cursor, reader } = open();
    arrange(cursor);
    expect(reader.chatsOf(BAR)).toMatchObject({ kind: 'absent' });
  });
});

function overwrite(path: string, text: string): void {
  const db = new DatabaseSync(path);
  writeRecord(db, text);
  db.close();
}

describe('the content of a chat', () => {
  test('has the text of both sides in order, and the issues that are named', () => {
    const { cursor, reader } = open();
    cursor.say('a', [
      { type: 1, text: 'Have a look at AAP-12 and AAP-7.' },
      { type: 2, text: '' },
      { type: 2, text: 'AAP-12 is done; aap-9 and X-1 are none.' },
      { type: 3, text: 'a tool' },
      'damaged {',
      'null',
    ]);
    cursor.say('ab', [{ type: 1, text: 'another chat' }]);
    expect(reader.contentOf(BAR, 'a')).toEqual({
      messages: [
        { role: 'user', text: 'Have a look at AAP-12 and AAP-7.' },
        { role: 'assistant', text: 'AAP-12 is done; aap-9 and X-1 are none.' },
      ],
      issueKeys: ['AAP-12', 'AAP-7'],
    });
  });

  test('is in the order of its times where it has them', () => {
    const { cursor, reader } = open();
    cursor.say('a', [
      { type: 2, text: 'second', createdAt: '1970-01-01T00:00:02.000Z' },
      { type: 1, text: 'third', createdAt: 3_000 },
      { type: 1, text: 'first', createdAt: '1970-01-01T00:00:01.000Z' },
    ]);
    expect(reader.contentOf(BAR, 'a').messages.map(({ text }) => text)).toEqual(['first', 'second', 'third']);
  });

  test('is bounded to the newest 50 messages of 2,000 characters, however much there is', () => {
    const { cursor, reader } = open();
    const bubbles = Array.from({ length: 3_000 }, (_, index) => ({ type: 1, text: `${index} ${'x'.repeat(3_000)}` }));
    cursor.say('a', [...bubbles, { type: 1, text: 'y'.repeat(2_000_000) }]);
    const { messages } = reader.contentOf(BAR, 'a');
    expect(messages.map(({ text }) => text.split(' ')[0])).toEqual(Array.from({ length: 50 }, (_, index) => String(2_950 + index)));
    expect(new Set(messages.map(({ text }) => text.length))).toEqual(new Set([2_000]));
  });

  test('of a chat that Cursor does not have is empty, and one that cannot be read is an error', () => {
    const { cursor, reader } = open();
    expect(reader.contentOf(BAR, 'a')).toEqual({ messages: [], issueKeys: [] });
    writeFileSync(cursor.say('a', []), 'no database at all, of some length'.repeat(20));
    expect(() => reader.contentOf(BAR, 'a')).toThrow('not a database');
  });
});

test.each([
  ['linux', { HOME: '/home/anna' }, '/home/anna/.config/Cursor/User'],
  ['linux', { HOME: '/home/anna', XDG_CONFIG_HOME: '/etc/anna' }, '/etc/anna/Cursor/User'],
  ['darwin', { HOME: '/Users/anna' }, '/Users/anna/Library/Application Support/Cursor/User'],
  ['win32', { APPDATA: '/c/Users/anna/AppData/Roaming' }, '/c/Users/anna/AppData/Roaming/Cursor/User'],
] as const)('on %s with %j Cursor is at %s', (platform, environment, folder) => {
  expect(cursorUserFolder(platform, environment)).toBe(folder);
});
