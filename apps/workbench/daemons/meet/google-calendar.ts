import { auth, calendar, type calendar_v3 } from '@googleapis/calendar';
import type { Secret } from 'holdfast';
import { retryAfterMs } from '../fetch-text.ts';
import { ServiceError } from '../service-error.ts';
import { CalendarEvent, MOST_EVENTS, type Calendar, type MeetingMode, type TimeWindow } from './calendar.ts';
import { meetingLink } from './meeting-link.ts';
import { epochOf, isTimeZone } from './wall-time.ts';

const PAGE = 250;
const TIMEOUT_MS = 30_000;

export interface GoogleCalendarOptions {
  readonly name: string;
  /** `primary`, or an address as in the calendar's settings. */
  readonly calendarId: string;
  readonly mode: MeetingMode;
  readonly timeZone: string;
  readonly credentials: { readonly clientId: string; readonly clientSecret: Secret; readonly refreshToken: Secret };
  /** Default: Google's. */
  readonly endpoints?: { readonly api: string; readonly token: string };
}

/** A calendar of Google, by its API. */
export class GoogleCalendar implements Calendar {
  readonly name: string;
  readonly mode: MeetingMode;
  readonly #options: GoogleCalendarOptions;
  readonly #api: calendar_v3.Calendar;

  constructor(options: GoogleCalendarOptions) {
    this.name = options.name;
    this.mode = options.mode;
    this.#options = options;
    const { credentials, endpoints } = options;
    const client = new auth.OAuth2({
      clientId: credentials.clientId,
      clientSecret: credentials.clientSecret.reveal(),
      ...(endpoints && { endpoints: { oauth2TokenUrl: endpoints.token } }),
    });
    client.setCredentials({ refresh_token: credentials.refreshToken.reveal() });
    this.#api = calendar({ version: 'v3', auth: client, retry: false, timeout: TIMEOUT_MS, ...(endpoints && { rootUrl: endpoints.api }) });
  }

  async events({ from, to }: TimeWindow, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    const events: CalendarEvent[] = [];
    let pageToken: string | undefined;
    do {
      const page = await this.#page({ timeMin: iso(from), timeMax: iso(to), ...(pageToken !== undefined && { pageToken }) }, signal);
      for (const item of page.items ?? []) events.push(...this.#event(item));
      const next = page.nextPageToken ?? undefined;
      if (next !== undefined && next === pageToken)
        throw new ServiceError('unexpected', `${this.#service} names the same page as the next one.`);
      pageToken = next;
    } while (pageToken !== undefined && events.length < MOST_EVENTS);
    return events.toSorted((a, b) => a.start - b.start).slice(0, MOST_EVENTS);
  }

  get #service(): string {
    return `The Google calendar ${this.name}`;
  }

  async #page(query: calendar_v3.Params$Resource$Events$List, signal: AbortSignal): Promise<calendar_v3.Schema$Events> {
    const { calendarId } = this.#options;
    try {
      // Occurrences instead of series: Google expands them.
      const { data } = await this.#api.events.list(
        { calendarId, singleEvents: true, orderBy: 'startTime', maxResults: PAGE, ...query },
        { signal },
      );
      return data;
    } catch (error) {
      signal.throwIfAborted();
      throw this.#fault(error);
    }
  }

  #fault(error: unknown): ServiceError {
    const { response } = error as { readonly response?: { readonly status?: number; readonly headers?: Headers; readonly data?: unknown } };
    const status = response?.status;
    const reason = JSON.stringify(response?.data ?? '');
    if (status === undefined) return new ServiceError('away', `${this.#service} cannot be reached.`);
    if (status === 429 || (status === 403 && /ateLimitExceeded/.test(reason))) {
      const wait = retryAfterMs(response?.headers?.get('retry-after') ?? null);
      return new ServiceError(
        'busy',
        `${this.#service} was asked too often (${status}).`,
        wait === undefined ? {} : { retryAfterMs: wait },
      );
    }
    // A refresh token that was withdrawn is a 400 of the token endpoint.
    if (status === 401 || status === 403 || reason.includes('invalid_grant'))
      return new ServiceError('refused', `${this.#service} does not accept the credentials (${status}): sign in again.`);
    if (status >= 500) return new ServiceError('away', `${this.#service} has a fault of its own (${status}).`);
    return new ServiceError('unexpected', `${this.#service} answered ${status}: check the id of the calendar.`);
  }

  /** None for what is cancelled, declined, or looks like no event. */
  #event(item: calendar_v3.Schema$Event): readonly CalendarEvent[] {
    const isDeclined = item.attendees?.some(({ self, responseStatus }) => self === true && responseStatus === 'declined') ?? false;
    if (item.status === 'cancelled' || isDeclined) return [];
    const event = CalendarEvent.safeParse({
      id: item.id,
      series: item.recurringEventId ?? item.id,
      title: (item.summary ?? '').slice(0, 500),
      start: this.#epoch(item.start),
      end: this.#epoch(item.end ?? item.start),
      isAllDay: item.start?.dateTime === undefined,
      url: meetingLink(
        item.hangoutLink,
        ...(item.conferenceData?.entryPoints ?? []).map(({ uri }) => uri),
        item.location,
        item.description,
      ),
      organizer: item.organizer?.email?.slice(0, 500) ?? null,
    });
    return event.success ? [event.data] : [];
  }

  #epoch(time: calendar_v3.Schema$EventDateTime | undefined): number {
    const { dateTime, date, timeZone } = time ?? {};
    if (dateTime) return Date.parse(dateTime);
    return epochOf(Date.parse(`${date}T00:00:00Z`), timeZone && isTimeZone(timeZone) ? timeZone : this.#options.timeZone);
  }
}

function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
