import { join } from 'node:path';
import type { DaemonModule } from '../daemon.ts';
import type { MeetingMode } from './calendar.ts';
import { GoogleCalendar, type GoogleCalendarOptions } from './google-calendar.ts';
import { IcsCalendar, type IcsCalendarOptions } from './ics-calendar.ts';
import { MeetDaemon } from './meet-daemon.ts';
import type { MeetingBot } from './meeting-bot.ts';

type Common = 'timeZone' | 'mode';

export interface MeetSettings {
  readonly ics?: readonly (Omit<IcsCalendarOptions, Common> & { readonly mode?: MeetingMode })[];
  readonly google?: readonly (Omit<GoogleCalendarOptions, Common> & { readonly mode?: MeetingMode })[];
  /** Of all-day events, and of times that name no zone. Default: this machine's. */
  readonly timeZone?: string;
  readonly bot?: MeetingBot;
}

/** The meeting daemon, as it is configured. Calendars whose mode is not said take notes. */
export function meetModule({
  ics = [],
  google = [],
  timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone,
  bot,
}: MeetSettings): DaemonModule {
  const defaults = { mode: 'notes', timeZone } as const;
  return {
    name: 'meet',
    create: ({ workbench: { home, state, store, clock, log, toggles }, emit, lease }) => {
      const calendars = [
        ...ics.map((options) => new IcsCalendar({ ...defaults, ...options })),
        ...google.map((options) => new GoogleCalendar({ ...defaults, ...options })),
      ];
      return new MeetDaemon({
        state,
        store,
        clock,
        log,
        emit,
        lease,
        toggles,
        calendars,
        transcripts: join(home, 'meetings.db'),
        ...(bot && { bot }),
      });
    },
  };
}
