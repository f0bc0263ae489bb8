import { defineState, type Draft } from 'holdfast';
import { z } from 'zod';
import { OutgoingMessage, SlackTs } from './slack-message.ts';

/** Messages that wait or were dealt with lately, at most. */
export const MOST_PENDING = 500;
export const PENDING_STATUSES = ['pending', 'approved', 'rejected', 'sent', 'skipped'] as const;
export type PendingStatus = (typeof PENDING_STATUSES)[number];

const Time = z.iso.datetime({ offset: true });

const PendingMessage = z.strictObject({
  ...OutgoingMessage.shape,
  status: z.enum(PENDING_STATUSES),
  created_at: Time,
  /** When it was sent, rejected or skipped: a day later it is forgotten. */
  done_at: Time.nullable(),
  /** Why it is to be sent, was rejected or skipped. */
  reason: z.string().max(500).nullable(),
  /** Key of the effect that sends it, and by which Slack's history knows it. */
  sending: z.string().nullable(),
  /** What went wrong in sending it last. */
  error: z.string().max(1_000).nullable(),
  /** Slack's time of it, once it is sent. */
  ts: SlackTs.nullable(),
});
export type PendingMessage = z.infer<typeof PendingMessage>;

const PendingSchema = z.strictObject({ messages: z.record(z.uuid(), PendingMessage) });
export type Pending = z.infer<typeof PendingSchema>;
export type PendingDraft = Draft<Pending>;

/** Messages to Slack that wait for somebody's approval, and what became of them. A person may approve one in the file, too. */
export const pendingState = defineState({
  name: 'slack_pending',
  scope: 'global',
  schema: PendingSchema,
  initial: { messages: {} },
  invariants: {
    'what is sent stays as it is': (now, was) => {
      const changed = Object.keys(was.messages).find((id) => {
        const [before, after] = [was.messages[id], now.messages[id]];
        return before?.status === 'sent' && after && (after.status !== 'sent' || after.ts !== before.ts);
      });
      return changed === undefined || `message ${changed} was sent`;
    },
    'what is being sent stays until its outcome is known': (now, was) => {
      const gone = Object.keys(was.messages).find((id) => was.messages[id]?.sending && !now.messages[id]);
      return gone === undefined || was.messages[gone]?.status !== 'approved' || `message ${gone} is being sent`;
    },
  },
});
