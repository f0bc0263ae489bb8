import type { MessageView, SessionView } from '../../../server/http/contract.ts';
import { replyTo } from './turn.ts';

/** A reply to a message that another page sent, as far as it has been spoken; with `message` it is whole. */
export interface LiveReply {
  readonly turnId: string;
  readonly text: string;
  readonly message?: MessageView;
}

export function extendReply(replies: readonly LiveReply[], turnId: string, delta: string): readonly LiveReply[] {
  if (!replies.some((reply) => reply.turnId === turnId)) return [...replies, { turnId, text: delta }];
  return replies.map((reply) => (reply.turnId === turnId ? { ...reply, text: reply.text + delta } : reply));
}

/** Keeps the whole reply on show until the session brings it. */
export function completeReply(replies: readonly LiveReply[], turnId: string, message: MessageView): readonly LiveReply[] {
  return replies.map((reply) => (reply.turnId === turnId ? { ...reply, message } : reply));
}

/** Whether the session shows this reply itself. */
export function isShown({ turnId, message }: LiveReply, session: SessionView): boolean {
  return replyTo(turnId, session) !== undefined || session.messages.some(({ id }) => id === message?.id);
}
