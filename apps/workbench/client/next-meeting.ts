import type { MeetingView } from './views.ts';

const STARTS_FOR_MS = 60_000;

/** The first meeting that has not begun and is not skipped; one counts as starting for a minute. */
export function nextMeeting(meetings: readonly MeetingView[], now: number): MeetingView | undefined {
  const coming = meetings.filter((meeting) => Date.parse(meeting.start) > now - STARTS_FOR_MS && !isSkipped(meeting));
  return coming.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start))[0];
}

/** What somebody decided goes before the mode. */
export function isSkipped({ mode, override }: MeetingView): boolean {
  return override === null ? mode === 'skip' : override === 'skip';
}
