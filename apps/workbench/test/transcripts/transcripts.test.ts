import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { MethodTable } from '../../methods/method-table.ts';
import { transcriptMethods } from '../../transcripts/transcript-methods.ts';
import { Transcripts } from '../../transcripts/transcripts.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emptyFolder } from '../support/open-home.ts';

const at = '2026-03-02T09:00:01-05:00';

function open(path = join(emptyFolder(), 'meetings.db')) {
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const transcripts = new Transcripts({ path, clock });
  onTestFinished(() => transcripts[Symbol.dispose]());
  const methods = new MethodTable(transcriptMethods(() => transcripts));
  return { transcripts, clock, path, call: (name: string, input: object = {}) => methods.call(name, input) };
}

test('what was said is kept in its order, and read in pages', async () => {
  const { call, clock } = open();
  await call('begin_transcript', { id: 'retro', title: 'Retro' });
  await call('add_to_transcript', {
    id: 'retro',
    segments: [
      { at, speaker: 'Anna', text: 'Hello' },
      { at, speaker: 'Bo', text: 'Good morning' },
    ],
  });
  await expect(call('add_to_transcript', { id: 'retro', segments: [{ at, speaker: 'Anna', text: 'Bye' }] })).resolves.toEqual({
    segments: 3,
  });
  await clock.advance(60_000);
  await call('end_transcript', { id: 'retro' });
  await expect(call('get_transcript', { id: 'retro', after: 1, limit: 1 })).resolves.toEqual({
    id: 'retro',
    title: 'Retro',
    started_at: '2026-03-02T14:00:00.000Z',
    ended_at: '2026-03-02T14:01:00.000Z',
    segments: 3,
    transcript: [{ number: 2, at, speaker: 'Bo', text: 'Good morning' }],
  });
});

test('words are found in any meeting: all of them, by their beginnings, whatever their accents', () => {
  const { transcripts } = open();
  for (const id of ['a', 'b']) transcripts.begin(id, `Meeting ${id}`);
  transcripts.add('a', [{ at, speaker: 'Anna', text: 'We deploy the résumé service on Friday' }]);
  transcripts.add('b', [{ at, speaker: 'Bo', text: 'Deployments on Monday' }]);
  expect(
    transcripts
      .search('deploy', 10)
      .map(({ meeting_id }) => meeting_id)
      .toSorted(),
  ).toEqual(['a', 'b']);
  expect(transcripts.search('friday resume', 10)).toMatchObject([
    { meeting_id: 'a', title: 'Meeting a', number: 1, speaker: 'Anna', excerpt: 'We deploy the [résumé] service on [Friday]' },
  ]);
  expect(transcripts.search('friday monday', 10)).toEqual([]);
});

test.each(['"', 'a" OR "b', 'NEAR(', '*', 'text:', '-', "'; DROP TABLE transcript_segment; --", '\u0000'])(
  'signs in a search are no operators: %j',
  (words) => {
    const { transcripts } = open();
    transcripts.begin('a', '');
    transcripts.add('a', [{ at, speaker: '', text: 'nothing of the kind' }]);
    expect(transcripts.search(words, 10)).toEqual([]);
  },
);

test('beginning a transcript again goes on with it', () => {
  const { transcripts } = open();
  transcripts.begin('a', 'First title');
  transcripts.add('a', [{ at, speaker: '', text: 'before' }]);
  transcripts.end('a');
  transcripts.begin('a', 'Second title');
  expect(transcripts.read('a', 0, 10)).toMatchObject({ title: 'First title', ended_at: null, segments: 1 });
});

test('the latest transcripts are listed first, and only so many', async () => {
  const { transcripts, clock } = open();
  for (const id of ['a', 'b', 'c']) {
    transcripts.begin(id, '');
    await clock.advance(60_000);
  }
  expect(transcripts.list(2).map(({ id }) => id)).toEqual(['c', 'b']);
});

test.each([
  ['get_transcript', { id: 'none' }, 'NOT_FOUND'],
  ['end_transcript', { id: 'none' }, 'NOT_FOUND'],
  ['add_to_transcript', { id: 'none', segments: [{ at, speaker: '', text: 'x' }] }, 'NOT_FOUND'],
  ['add_to_transcript', { id: 'a', segments: [{ at: 'yesterday', speaker: '', text: 'x' }] }, 'INVALID_INPUT'],
  ['add_to_transcript', { id: 'a', segments: [{ at, speaker: '', text: 'x'.repeat(10_001) }] }, 'INVALID_INPUT'],
  ['add_to_transcript', { id: 'a', segments: Array.from({ length: 1_001 }, () => ({ at, speaker: '', text: 'x' })) }, 'INVALID_INPUT'],
  ['search_transcripts', { words: 'x', limit: 1_000 }, 'INVALID_INPUT'],
] as const)('%s is refused with what does not fit (%#)', async (name, input, code) => {
  await expect(open().call(name, input)).rejects.toMatchObject({ code });
});

test('a meeting has 100,000 pieces at most', () => {
  const { transcripts } = open();
  transcripts.begin('a', '');
  transcripts.add(
    'a',
    Array.from({ length: 100_000 }, (_, n) => ({ at, speaker: '', text: `${n}` })),
  );
  expect(() => transcripts.add('a', [{ at, speaker: '', text: 'one more' }])).toThrow(expect.objectContaining({ code: 'REFUSED' }));
});

test('two processes write to one file', () => {
  const { transcripts, path } = open();
  const other = open(path).transcripts;
  transcripts.begin('a', '');
  other.add('a', [{ at, speaker: '', text: 'from the other one' }]);
  expect(transcripts.add('a', [{ at, speaker: '', text: 'from this one' }])).toBe(2);
});

test('tables of an older system in the same file stay as they are', () => {
  const path = join(emptyFolder(), 'meetings.db');
  const older = new DatabaseSync(path);
  older.exec("CREATE TABLE meetings (id INTEGER, name TEXT); INSERT INTO meetings VALUES (1, 'Retro'); PRAGMA user_version = 7");
  open(path).transcripts.begin('a', '');
  expect(older.prepare('SELECT name FROM meetings').get()).toEqual({ name: 'Retro' });
  expect(older.prepare('PRAGMA user_version').get()).toEqual({ user_version: 7 });
  older.close();
});

test('a file of a newer program is refused and stays as it is', () => {
  const { path } = open();
  const db = new DatabaseSync(path);
  db.exec('UPDATE workbench_schema SET version = 99');
  expect(() => open(path)).toThrow(expect.objectContaining({ code: 'REFUSED' }));
  expect(db.prepare('SELECT version FROM workbench_schema').get()).toEqual({ version: 99 });
  db.close();
});

test('a damaged file is refused and stays as it is', () => {
  const path = join(emptyFolder(), 'meetings.db');
  writeFileSync(path, 'not a database '.repeat(100));
  expect(() => open(path)).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
  expect(readFileSync(path, 'utf8')).toBe('not a database '.repeat(100));
});
