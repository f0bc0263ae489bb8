import { z } from 'zod';

export const MEETING_MODES = ['notes', 'interactive', 'skip'] as const;
export type MeetingMode = (typeof MEETING_MODES)[number];

/** One meeting, or one occurrence of a series. */
export const CalendarEvent = z.strictObject({
  /** The same whenever the calendar is read, also when the occurrence was moved. */
  id: z.string().max(1_000),
  /** Of all occurrences; the event's own where it does not recur. */
  series: z.string().max(1_000),
  title: z.string().max(500),
  /** Epoch ms. */
  start: z.number(),
  /** Epoch ms. */
  end: z.number(),
  isAllDay: z.boolean(),
  /** Where one joins it. */
  url: z.string().max(2_000).nullable(),
  organizer: z.string().max(500).nullable(),
});
export type CalendarEvent = z.infer<typeof CalendarEvent>;

/** Epoch ms; events that have begun and not ended before it are in it. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

/** More events of one calendar are not looked at. */
export const MOST_EVENTS = 1_000;

export interface Calendar {
  readonly name: string;
  /** What is done about its meetings where nobody says otherwise. */
  readonly mode: MeetingMode;
  /** Neither cancelled nor declined ones, ordered by their start. @throws {ServiceError} when it cannot be read. */
  events(window: TimeWindow, signal: AbortSignal): Promise<readonly CalendarEvent[]>;
}
