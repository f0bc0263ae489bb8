import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReport } from 'holdfast/files';
import { expect, test } from 'vitest';
import { meetState, type Meet } from '../../../daemons/meet/meet-state.ts';
import { emptyFolder, openHome } from '../../support/open-home.ts';
import { placeFile } from '../../support/place-file.ts';

const FILE = 'meet_state.json';

async function read(fixture: string): Promise<Meet> {
  const home = emptyFolder();
  placeFile(`meet/${fixture}`, home, FILE);
  const { state } = await openHome({ home });
  return (await state.global().get(meetState)).current;
}

test('the plain shape is read', async () => {
  const meeting = {
    event_id: 'standup_20260302T143000Z',
    title: 'Stand-up',
    start: '2026-03-02T14:30:00.000Z',
    end: null,
    calendar: 'Work',
    mode: 'notes',
    url: null,
  };
  await expect(read('plain.json')).resolves.toMatchObject({
    schedulerRunning: true,
    upcomingMeetings: [meeting],
    monitoredCalendars: ['Work'],
    nextMeeting: meeting,
    countdown: '5m',
    lastPoll: new Date('2026-03-02T09:25:00.123').toISOString(),
  });
});

test('the rich shape is read, and what we do not have stays', async () => {
  const meeting = {
    event_id: 'standup_20260302T143000Z',
    title: 'Stand-up',
    start: '2026-03-02T14:30:00.000Z',
    end: '2026-03-02T14:45:00.000Z',
    calendar: 'Work',
    mode: 'interactive',
    url: 'https://meet.google.com/abc-defg-hij',
    organizer: 'bo@example.com',
    status: 'scheduled',
    attendees: 4,
  };
  const meet = await read('rich.json');
  expect(meet).toMatchObject({ upcomingMeetings: [meeting], nextMeeting: meeting, countdown: '1h 30m' });
  expect(meet.monitoredCalendars).toEqual(['Work']);
  expect(meet['calendars']).toEqual([
    { id: 'anna@example.com', name: 'Work', enabled: true },
    { id: 'old', name: 'Old', enabled: false },
  ]);
  expect(meet['recentNotes']).toEqual([{ id: 'n1', title: 'Retro' }]);
});

test.each([
  {},
  { other: 1 },
  { upcomingMeetings: 'none' },
  { upcomingMeetings: [3] },
  { upcomingMeetings: [{ title: 'without id and start' }] },
])('what cannot be understood is refused and reported, and stays as it is: %j', async (file) => {
  const home = emptyFolder();
  writeFileSync(join(home, FILE), JSON.stringify(file));
  const reports: FileReport[] = [];
  const { state } = await openHome({ home, onReport: (report) => reports.push(report) });
  await state.global().get(meetState);
  expect(reports).toMatchObject([{ kind: 'invalid', path: FILE }]);
  expect(JSON.parse(readFileSync(join(home, FILE), 'utf8'))).toEqual(file);
});
