import { z } from 'zod';
import { defineMethod, type Method } from '../../methods/method.ts';
import { MEETING_MODES } from './calendar.ts';
import type { MeetDaemon } from './meet-daemon.ts';

const EventId = z
  .string()
  .min(1)
  .max(256)
  .refine((id) => id !== '__proto__')
  .describe('The event id of a meeting, or of its series');
const Reason = z.string().max(500).default('');

/** What clients may ask of the meeting daemon, besides transcripts. */
export function meetMethods(daemon: MeetDaemon): readonly Method[] {
  const decided = async (event_id: string, mode: (typeof MEETING_MODES)[number], reason: string): Promise<object> => {
    await daemon.decide(event_id, mode, reason);
    return { event_id, mode };
  };
  return [
    defineMethod({
      name: 'list_meetings',
      title: 'List meetings',
      description:
        'Lists the meetings that are on now and those of the coming week, with what is done about each, and how long it is until the next.',
      input: { limit: z.int().min(1).max(100).default(20) },
      hints: { readOnly: true },
      run: ({ limit }) => {
        const { upcomingMeetings, ...others } = daemon.view();
        return { ...others, upcomingMeetings: upcomingMeetings.slice(0, limit) };
      },
    }),
    defineMethod({
      name: 'list_calendars',
      title: 'List calendars',
      description: 'Lists the calendars that are looked at, and how each is.',
      input: {},
      hints: { readOnly: true },
      run: () => ({ calendars: daemon.calendars() }),
    }),
    defineMethod({
      name: 'skip_meeting',
      title: 'Skip a meeting',
      description: 'Decides that a meeting, or a whole series, is not gone to.',
      input: { event_id: EventId, reason: Reason },
      hints: { readOnly: false, idempotent: true },
      run: ({ event_id, reason }) => decided(event_id, 'skip', reason),
    }),
    defineMethod({
      name: 'approve_meeting',
      title: 'Go to a meeting',
      description: 'Decides that a meeting, or a whole series, is gone to: to take notes, or to take part.',
      input: { event_id: EventId, mode: z.enum(['notes', 'interactive']).default('notes'), reason: Reason },
      hints: { readOnly: false, idempotent: true },
      run: ({ event_id, mode, reason }) => decided(event_id, mode, reason),
    }),
    defineMethod({
      name: 'set_meeting_mode',
      title: 'Set the mode of a meeting',
      description: 'Sets what is done about a meeting or a series: notes, interactive or skip.',
      input: { event_id: EventId, mode: z.enum(MEETING_MODES) },
      hints: { readOnly: false, idempotent: true },
      run: ({ event_id, mode }) => decided(event_id, mode, ''),
    }),
    defineMethod({
      name: 'clear_meeting',
      title: 'Take a decision back',
      description: 'Takes back what was decided about a meeting or a series: its calendar says again what is done.',
      input: { event_id: EventId },
      hints: { readOnly: false, idempotent: true },
      run: async ({ event_id }) => {
        await daemon.undecide(event_id);
        return { event_id };
      },
    }),
    defineMethod({
      name: 'join_meeting',
      title: 'Join a meeting',
      description: 'Sends the bot to a meeting, where there is one.',
      input: {
        url: z.url({ protocol: /^https$/ }).max(2_000),
        title: z.string().max(500).default(''),
        mode: z.enum(['notes', 'interactive']).default('notes'),
      },
      hints: { readOnly: false, openWorld: true },
      run: async (meeting) => {
        await daemon.bot().join(meeting);
        return { joining: meeting.url };
      },
    }),
    defineMethod({
      name: 'leave_meeting',
      title: 'Leave the meeting',
      description: 'Has the bot leave the meeting that it is in.',
      input: {},
      hints: { readOnly: false, idempotent: true, openWorld: true },
      run: async () => {
        await daemon.bot().leave();
        return { left: true };
      },
    }),
    defineMethod({
      name: 'refresh',
      title: 'Refresh the meetings',
      description: 'Reads the calendars now, which otherwise happens every 5 minutes.',
      input: {},
      hints: { readOnly: false, idempotent: true, openWorld: true },
      run: async () => {
        await daemon.refresh();
        return daemon.view();
      },
    }),
  ];
}
