import { describe, expect, test } from 'vitest';
import { isSkipped, nextMeeting } from '../../client/next-meeting.ts';
import { signOf } from '../../client/status-signs.ts';
import { agoWords, countdownWords } from '../../client/time-words.ts';
import type { MeetingView } from '../../client/views.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const inSeconds = (seconds: number): string => new Date(NOW + seconds * 1_000).toISOString();
const meeting = (id: string, startsIn: number, more: Partial<MeetingView> = {}): MeetingView => ({
  id,
  title: id,
  start: inSeconds(startsIn),
  end: null,
  calendar: '',
  mode: 'notes',
  override: null,
  ...more,
});

test.each([
  [0, 'Starting now'],
  [-20, 'Starting now'],
  [42, '42s'],
  [300, '5m'],
  [5_400, '1h 30m'],
  [7_200, '2h 0m'],
  [2 * 86_400 + 3 * 3_600, '2d 3h'],
])('a meeting in %i s is said as %s', (seconds, words) => {
  expect(countdownWords(inSeconds(seconds), NOW)).toBe(words);
});

test.each([
  [-5, 'just now'],
  [-600, '10m ago'],
  [5, 'in a moment'],
  [3_660, 'in 1h 1m'],
])('a time %i s away is said as %s', (seconds, words) => {
  expect(agoWords(inSeconds(seconds), NOW)).toBe(words);
});

test('no time, or none that can be read, is no words', () => {
  expect([agoWords(null, NOW), agoWords('soon', NOW)]).toEqual(['', '']);
});

describe('the next meeting', () => {
  test('is the first that has not begun and is not skipped, by mode or by decision', () => {
    const meetings = [
      meeting('later', 900),
      meeting('over', -3_600),
      meeting('mode-skip', 60, { mode: 'skip' }),
      meeting('skipped', 120, { override: 'skip' }),
      meeting('next', 600),
    ];
    expect(nextMeeting(meetings, NOW)?.id).toBe('next');
  });

  test('may be one of mode skip that somebody decided to join', () => {
    expect(isSkipped(meeting('a', 0, { mode: 'skip', override: 'join' }))).toBe(false);
  });
});

test('every status has a shape and a word, one that is not known too', () => {
  expect([signOf('unhealthy'), signOf('healthy'), signOf('gone_fishing')]).toEqual([
    { shape: '■', tone: 'bad', word: 'unhealthy' },
    { shape: '●', tone: 'good', word: 'healthy' },
    { shape: '○', tone: 'idle', word: 'gone fishing' },
  ]);
});
