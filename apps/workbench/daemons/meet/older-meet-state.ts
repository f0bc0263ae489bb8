import { zonedTime } from '../../zoned-time.ts';
import { isRecord } from '../../json-value.ts';

type Fields = Readonly<Record<string, unknown>>;

const MODES = ['notes', 'interactive', 'skip'];
const KNOWN = ['schedulerRunning', 'currentMeetings', 'upcomingMeetings', 'monitoredCalendars', 'nextMeeting', 'lastPoll'];

/** Reads what older systems wrote, with both forms of events and calendars. What it does not know it keeps; what it cannot understand is refused. */
export function readOlderMeet(old: Fields): unknown {
  if (!KNOWN.some((key) => Object.hasOwn(old, key))) throw new TypeError('it has neither meetings nor anything else of a meeting daemon');
  const { currentMeetings = [], upcomingMeetings = [], monitoredCalendars = [], nextMeeting = null, countdown, lastPoll, ...others } = old;
  const upcoming = listOf(upcomingMeetings, 'upcomingMeetings').map(readMeeting);
  const calendars = listOf(monitoredCalendars, 'monitoredCalendars');
  return {
    ...others,
    schedulerRunning: old['schedulerRunning'] ?? false,
    currentMeetings: listOf(currentMeetings, 'currentMeetings').map(readMeeting),
    upcomingMeetings: upcoming,
    monitoredCalendars: calendars.filter((calendar) => !isRecord(calendar) || calendar['enabled'] !== false).map(nameOf),
    // The names alone do not say which are not looked at.
    ...(calendars.some(isRecord) && { calendars }),
    nextMeeting: readNext(nextMeeting, upcoming),
    countdown: countdown ?? '',
    lastPoll: zonedTime(lastPoll) ?? null,
    modes: old['modes'] ?? {},
  };
}

function readMeeting(meeting: unknown): Fields {
  if (!isRecord(meeting)) throw new TypeError('a meeting is no object');
  const { event_id, id, title, start, startTime, end, endTime, calendar, calendarName, mode, botMode, ...others } = meeting;
  return {
    ...others,
    event_id: event_id ?? id,
    series: meeting['series'] ?? event_id ?? id,
    title: title ?? '',
    start: zonedTime(start ?? startTime),
    end: zonedTime(end ?? endTime) ?? null,
    calendar: calendar ?? calendarName ?? '',
    mode: MODES.includes(String(mode ?? botMode)) ? (mode ?? botMode) : 'notes',
    url: meeting['url'] ?? null,
    organizer: meeting['organizer'] ?? null,
    all_day: meeting['all_day'] ?? false,
  };
}

/** A meeting, or only its title. */
function readNext(next: unknown, upcoming: readonly Fields[]): Fields | null {
  if (isRecord(next)) return upcoming.find(({ event_id }) => event_id === (next['event_id'] ?? next['id'])) ?? readMeeting(next);
  return upcoming.find(({ title, event_id }) => title === next || event_id === next) ?? null;
}

function nameOf(calendar: unknown): unknown {
  return isRecord(calendar) ? (calendar['name'] ?? calendar['id']) : calendar;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name} is no list`);
  return value;
}
