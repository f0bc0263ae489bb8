import { defineState, type Draft } from 'holdfast';
import { z } from 'zod';
import { MEETING_MODES } from './calendar.ts';
import { readOlderMeet } from './older-meet-state.ts';

const Text = z.string().max(2_000);

/** What older programs wrote besides is kept. */
const Meeting = z.looseObject({
  event_id: Text,
  /** Of all occurrences; a decision may be about it. */
  series: Text,
  title: Text,
  /** ISO 8601 with zone, as is the end. */
  start: Text,
  end: Text.nullable(),
  calendar: Text,
  mode: z.enum(MEETING_MODES),
  url: Text.nullable(),
  organizer: Text.nullable(),
  all_day: z.boolean(),
});
export type Meeting = z.infer<typeof Meeting>;

const MeetSchema = z.looseObject({
  schedulerRunning: z.boolean(),
  currentMeetings: z.array(Meeting),
  upcomingMeetings: z.array(Meeting),
  /** Their names. */
  monitoredCalendars: z.array(Text),
  /** The next one that is not skipped. */
  nextMeeting: Meeting.nullable(),
  /** Until it begins, as at `lastPoll`; empty without one. */
  countdown: Text,
  lastPoll: Text.nullable(),
  /** Modes that somebody chose for a meeting or a series, by its id. */
  modes: z.record(z.string(), z.enum(MEETING_MODES)),
});
export type Meet = z.infer<typeof MeetSchema>;
export type MeetDraft = Draft<Meet>;

/** What the calendars say, for whoever shows it. It can be read from them again, so it need not survive a power cut. */
export const meetState = defineState({
  name: 'meet',
  scope: 'global',
  version: 2,
  schema: MeetSchema,
  initial: {
    schedulerRunning: false,
    currentMeetings: [],
    upcomingMeetings: [],
    monitoredCalendars: [],
    nextMeeting: null,
    countdown: '',
    lastPoll: null,
    modes: {},
  },
  migrations: { 2: readOlderMeet },
  durability: 'written',
  retention: { versions: 100 },
});
