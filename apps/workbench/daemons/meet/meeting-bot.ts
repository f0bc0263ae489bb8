import type { MeetingMode } from './calendar.ts';

/** What goes to meetings, takes notes and speaks: a program of its own. */
export interface MeetingBot {
  /** @throws {WorkbenchError} UNAVAILABLE when it cannot. */
  join(meeting: { readonly url: string; readonly title: string; readonly mode: MeetingMode }): Promise<void>;
  leave(): Promise<void>;
}
