import ICAL from 'ical.js';
import { MOST_EVENTS, type CalendarEvent, type TimeWindow } from './calendar.ts';
import { meetingLink } from './meeting-link.ts';
import { epochOf, isTimeZone } from './wall-time.ts';

/** Of one series: a meeting on every day of 27 years. */
const MOST_OCCURRENCES = 10_000;
const EVENT = /^BEGIN:VEVENT\r?\n[^]*?^END:VEVENT(?:\r?\n|$)/gim;
/** No meeting recurs that often; expanding these could take for ever. */
const TOO_OFTEN = ['SECONDLY', 'MINUTELY', 'HOURLY'];

export interface ReadIcsOptions {
  readonly text: string;
  readonly window: TimeWindow;
  /** Of times that name none, and of all-day events. */
  readonly timeZone: string;
  /** Meetings that this person declined are left out. */
  readonly email?: string;
  /** Series that are left out, by UID. */
  readonly skipped?: readonly string[];
  /** Called before a series is read, which values that nobody would write can make last for ever. */
  readonly onSeries?: (uid: string) => void;
}

/** The events of an iCalendar text within a window, ordered by their start, at most 1,000. @throws {Error} when it is no iCalendar. */
export function readIcs(options: ReadIcsOptions): readonly CalendarEvent[] {
  const parsed = parse(options.text);
  const roots = (typeof parsed[0] === 'string' ? [parsed] : parsed).map(
    (root) => new ICAL.Component(root as [string, unknown[], unknown[]]),
  );
  if (roots.length === 0 || roots.some(({ name }) => name !== 'vcalendar')) throw new TypeError('it is no calendar');
  const events = roots.flatMap((root) => calendarEvents(root, options));
  return events.toSorted((a, b) => a.start - b.start).slice(0, MOST_EVENTS);
}

/** Events that cannot be parsed are left out, and with them nothing else. */
function parse(text: string): unknown[] {
  try {
    return ICAL.parse(text) as unknown[];
  } catch {
    return ICAL.parse(text.replaceAll(EVENT, (event) => (isParsable(event) ? event : ''))) as unknown[];
  }
}

function isParsable(event: string): boolean {
  try {
    return ICAL.parse(event) !== undefined;
  } catch {
    return false;
  }
}

function calendarEvents(root: ICAL.Component, options: ReadIcsOptions): readonly CalendarEvent[] {
  const stated = root.getFirstPropertyValue('x-wr-timezone');
  const timeZone = typeof stated === 'string' && isTimeZone(stated) ? stated : options.timeZone;
  const reader = new SeriesReader({ ...options, timeZone });
  const series = Object.groupBy(
    root.getAllSubcomponents('vevent').filter((event) => event.getFirstProperty('dtstart')),
    (event) => textOf(event, 'uid'),
  );
  return Object.entries(series).flatMap(([uid, components = []]) => {
    if (options.skipped?.includes(uid)) return [];
    options.onSeries?.(uid);
    return reader.read(uid, components);
  });
}

interface Occurrence {
  readonly item: ICAL.Event;
  readonly startDate: ICAL.Time;
  readonly endDate: ICAL.Time;
}

/** Reads the components of one UID: the event itself, and occurrences of it that differ. */
class SeriesReader {
  readonly #options: ReadIcsOptions;

  constructor(options: ReadIcsOptions) {
    this.#options = options;
  }

  /** None for what makes no sense: somebody's odd invitation must not hide the other events. */
  read(uid: string, components: readonly ICAL.Component[]): readonly CalendarEvent[] {
    try {
      return this.#series(uid, components);
    } catch {
      return [];
    }
  }

  #series(uid: string, components: readonly ICAL.Component[]): readonly CalendarEvent[] {
    const exceptions = components.filter((component) => component.hasProperty('recurrence-id'));
    const masters = components.filter((component) => !component.hasProperty('recurrence-id'));
    const moved = exceptions.flatMap((component) => this.#exception(uid, component));
    return [...masters.flatMap((component) => this.#master(uid, component, exceptions)), ...moved];
  }

  #exception(uid: string, component: ICAL.Component): readonly CalendarEvent[] {
    const event = new ICAL.Event(component, { exceptions: [] });
    const occurrence = this.#epoch(event.recurrenceId, tzidOf(component, 'recurrence-id'));
    return this.#inWindow(component, `${uid}_${stamp(occurrence)}`, uid, event.startDate, event.endDate);
  }

  #master(uid: string, component: ICAL.Component, exceptions: readonly ICAL.Component[]): readonly CalendarEvent[] {
    const event = new ICAL.Event(component, { exceptions: [...exceptions] });
    if (!event.isRecurring()) return this.#inWindow(component, uid, uid, event.startDate, event.endDate);
    if (Object.keys(event.getRecurrenceTypes() as object).some((frequency) => TOO_OFTEN.includes(frequency))) return [];
    const differing = new Set(
      exceptions.map((each) => this.#epoch(new ICAL.Event(each, { exceptions: [] }).recurrenceId, tzidOf(each, 'recurrence-id'))),
    );
    const left = new Set(component.getAllProperties('exdate').flatMap((dates) => this.#epochs(dates)));
    const tzid = tzidOf(component, 'dtstart');
    const events: CalendarEvent[] = [];
    const seen = new Set([...differing, ...left]);
    for (const occurrence of occurrencesOf(event, component)) {
      const at = this.#epoch(occurrence, tzid);
      if (at >= this.#options.window.to) break;
      if (seen.has(at)) continue;
      seen.add(at);
      const { startDate, endDate, item } = event.getOccurrenceDetails(occurrence) as Occurrence;
      events.push(...this.#inWindow(item.component, `${uid}_${stamp(at)}`, uid, startDate, endDate));
    }
    return events;
  }

  #inWindow(component: ICAL.Component, id: string, series: string, from: ICAL.Time, to: ICAL.Time): readonly CalendarEvent[] {
    const { window, email } = this.#options;
    const start = this.#epoch(from, tzidOf(component, 'dtstart'));
    const end = this.#epoch(to, tzidOf(component, component.hasProperty('dtend') ? 'dtend' : 'dtstart'));
    const isInside = start < window.to && Math.max(end, start + 1) > window.from;
    if (!isInside || textOf(component, 'status').toUpperCase() === 'CANCELLED' || (email !== undefined && isDeclined(component, email)))
      return [];
    return [
      {
        id: id.slice(0, 1_000),
        series: series.slice(0, 1_000),
        title: textOf(component, 'summary').slice(0, 500),
        start,
        end: Math.max(end, start),
        isAllDay: from.isDate,
        url: linkOf(component),
        organizer: addressOf(textOf(component, 'organizer')).slice(0, 500) || null,
      },
    ];
  }

  #epochs(dates: ICAL.Property): readonly number[] {
    const tzid = dates.getFirstParameter('tzid');
    return dates.getValues().flatMap((value) => (value instanceof ICAL.Time ? [this.#epoch(value, tzid)] : []));
  }

  /** By the zone that the file describes, else by the one that it names. */
  #epoch(time: ICAL.Time, tzid: string | undefined): number {
    if (!time.isDate && time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1_000;
    const { year, month, day, hour, minute, second } = time;
    const zone = !time.isDate && tzid !== undefined && isTimeZone(tzid) ? tzid : this.#options.timeZone;
    const wall = time.isDate ? Date.UTC(year, month - 1, day) : Date.UTC(year, month - 1, day, hour, minute, second);
    return epochOf(wall, zone);
  }
}

/** In their order; the first is the event's own start, which a list of dates alone does not name. */
function* occurrencesOf(event: ICAL.Event, component: ICAL.Component): Generator<ICAL.Time, void, undefined> {
  if (!component.hasProperty('rrule')) yield event.startDate;
  const iterator = event.iterator();
  for (let count = 0; count < MOST_OCCURRENCES; count++) {
    const occurrence = iterator.next() as ICAL.Time | null | undefined;
    if (!occurrence) return;
    yield occurrence;
  }
}

function tzidOf(component: ICAL.Component, property: string): string | undefined {
  return component.getFirstProperty(property)?.getFirstParameter('tzid');
}

/** As in `20260302T143000Z`. */
function stamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function textOf(component: ICAL.Component, property: string): string {
  const value = component.getFirstPropertyValue(property);
  return typeof value === 'string' ? value : '';
}

function addressOf(uri: string): string {
  return uri.replace(/^mailto:/i, '');
}

function isDeclined(component: ICAL.Component, email: string): boolean {
  return component.getAllProperties('attendee').some((attendee) => {
    const isThem = addressOf(String(attendee.getFirstValue())).toLowerCase() === email.toLowerCase();
    return isThem && attendee.getFirstParameter('partstat')?.toUpperCase() === 'DECLINED';
  });
}

function linkOf(component: ICAL.Component): string | null {
  const texts = ['x-google-conference', 'x-microsoft-skypeteamsmeetingurl', 'url', 'location', 'description'];
  return meetingLink(...texts.map((property) => textOf(component, property)));
}
