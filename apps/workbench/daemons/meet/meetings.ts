import { isoTime } from '../../zoned-time.ts';
import type { Calendar, CalendarEvent, MeetingMode } from './calendar.ts';
import { countdown } from './countdown.ts';
import type { Meet, Meeting } from './meet-state.ts';

/** What was decided about a meeting, whatever its calendar says. */
export interface MeetingDecisions {
  readonly getMeetingOverride: (id: string) => { readonly status: 'skip' | 'join' } | undefined;
  readonly modes: Readonly<Record<string, MeetingMode>>;
}

/** An event with the calendar that it is in. */
export interface ListedEvent extends CalendarEvent {
  readonly calendar: Pick<Calendar, 'name' | 'mode'>;
}

const MOST_UPCOMING = 100;

/** Of one meeting: a decision about the occurrence, else one about its series, else what its calendar says. All-day events are no meetings to go to. */
function modeOf({ id, series, isAllDay, calendar }: ListedEvent, { getMeetingOverride, modes }: MeetingDecisions): MeetingMode {
  const override = getMeetingOverride(id) ?? getMeetingOverride(series);
  if (override?.status === 'skip') return 'skip';
  const chosen = own(modes, id) ?? own(modes, series) ?? (isAllDay ? 'skip' : calendar.mode);
  return override?.status === 'join' && chosen === 'skip' ? 'notes' : chosen;
}

/** What is on now, what comes, and how long it is until the next one. */
export function meetingsAt(
  now: number,
  events: readonly ListedEvent[],
  decisions: MeetingDecisions,
): Pick<Meet, 'currentMeetings' | 'upcomingMeetings' | 'nextMeeting' | 'countdown'> {
  const ordered = events.filter(({ end, start }) => Math.max(end, start + 1) > now).toSorted((a, b) => a.start - b.start);
  const shown = (some: readonly ListedEvent[]): Meeting[] => some.map((event) => meetingOf(event, modeOf(event, decisions)));
  const upcoming = ordered.filter(({ start }) => start > now).slice(0, MOST_UPCOMING);
  const next = upcoming.find((event) => modeOf(event, decisions) !== 'skip');
  return {
    currentMeetings: shown(ordered.filter(({ start }) => start <= now).slice(0, MOST_UPCOMING)),
    upcomingMeetings: shown(upcoming),
    nextMeeting: next ? meetingOf(next, modeOf(next, decisions)) : null,
    countdown: next ? countdown(next.start - now) : '',
  };
}

function meetingOf({ id, series, title, start, end, calendar, url, organizer, isAllDay }: ListedEvent, mode: MeetingMode): Meeting {
  const times = { start: isoTime(start), end: isoTime(end), all_day: isAllDay };
  return { event_id: id, series, title, ...times, calendar: calendar.name, mode, url, organizer };
}

/** An event as it was shown before, for as long as its calendar cannot be read anew. */
export function eventOf({ event_id, series, title, start, end, url, organizer, all_day }: Meeting): CalendarEvent {
  const from = Date.parse(start);
  return { id: event_id, series, title, start: from, end: end === null ? from : Date.parse(end), isAllDay: all_day, url, organizer };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
