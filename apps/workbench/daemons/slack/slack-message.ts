import { z } from 'zod';

/** `C…`, `D…` or `G…`, and of users `U…` or `W…`. */
export const SlackId = z.string().regex(/^[A-Z][A-Z0-9]{1,30}$/, 'Ids of Slack are capitals and digits, as in C024BE91L.');

/** Slack's time of a message, which names it in its channel: `1712345678.000100`. */
export const SlackTs = z.string().regex(/^\d{1,12}\.\d{6}$/);

/** Slack cuts longer ones. */
const LONGEST_READ = 40_000;

/** A message as it is kept. */
export const SlackMessage = z.object({
  ts: SlackTs,
  user: z.string().max(100).nullable(),
  text: z.string().transform((text) => text.slice(0, LONGEST_READ)),
  thread_ts: SlackTs.nullable(),
});
export type SlackMessage = z.infer<typeof SlackMessage>;

/** A message that is to be sent. */
export const OutgoingMessage = z.strictObject({
  channel: SlackId,
  text: z.string().min(1).max(4_000),
  thread_ts: SlackTs.nullable(),
});
export type OutgoingMessage = z.infer<typeof OutgoingMessage>;

export interface SlackUser {
  readonly id: string;
  readonly name: string;
  readonly real_name: string;
}
