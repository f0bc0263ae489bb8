import { readFile, stat } from 'node:fs/promises';
import { fetchText } from '../fetch-text.ts';
import { ServiceError } from '../service-error.ts';
import type { Calendar, CalendarEvent, MeetingMode, TimeWindow } from './calendar.ts';
import { expandIcs } from './expand-ics.ts';

const MAX_BYTES = 10_000_000;

export interface IcsCalendarOptions {
  readonly name: string;
  /** A file, or an address that begins with http. Addresses of calendars are secrets: they are in no message. */
  readonly source: string;
  readonly mode: MeetingMode;
  readonly timeZone: string;
  readonly email?: string;
}

/** A calendar that is published or exported as iCalendar, as Google, Outlook and Apple do. */
export class IcsCalendar implements Calendar {
  readonly name: string;
  readonly mode: MeetingMode;
  readonly #options: IcsCalendarOptions;

  constructor(options: IcsCalendarOptions) {
    this.name = options.name;
    this.mode = options.mode;
    this.#options = options;
  }

  async events(window: TimeWindow, signal: AbortSignal): Promise<readonly CalendarEvent[]> {
    const { source, timeZone, email } = this.#options;
    const service = `The calendar ${this.name}`;
    const text = /^https?:/i.test(source) ? await fetchText(source, { service, maxBytes: MAX_BYTES, signal }) : await this.#file(source);
    try {
      const { events } = await expandIcs({ text, window, timeZone, ...(email !== undefined && { email }) }, { signal });
      return events;
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      throw new ServiceError('unexpected', `${service} cannot be understood: ${why.slice(0, 200)}.`, { cause: error });
    }
  }

  async #file(path: string): Promise<string> {
    try {
      const { size } = await stat(path);
      if (size > MAX_BYTES) throw new ServiceError('unexpected', `The calendar ${this.name} has ${size} bytes; ${MAX_BYTES} are read.`);
      return await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      throw new ServiceError('away', `The file of the calendar ${this.name} cannot be read.`, { cause: error });
    }
  }
}
