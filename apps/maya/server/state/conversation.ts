import { defineState } from 'holdfast';
import { z } from 'zod';
import { fillMissing } from './missing-fields.ts';

export const EMOTIONS = ['neutral', 'happy', 'flustered', 'thinking', 'mixing', 'upset'] as const;

const ToolRecordSchema = z.strictObject({ name: z.string().min(1), status: z.enum(['ok', 'error']), summary: z.string() });

const MessageSchema = z.strictObject({
  id: z.string().min(1),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  emotion: z.enum(EMOTIONS).nullable(),
  /** Tools that ran before this reply, in order. */
  tools: z.array(ToolRecordSchema),
  /** The turn ended before the reply was complete. */
  isCutOff: z.boolean(),
  /** What the guest said was not gone into, and no model is ever shown it. */
  isBlocked: z.literal(true).optional(),
  at: z.int().min(0),
});

export type Message = z.infer<typeof MessageSchema>;

const ConversationSchema = z.strictObject({
  turnCount: z.int().min(0),
  /** A phase by its name. Not an enumeration, so that a name that is not known (any more) does not make the conversation unreadable. */
  phase: z.string().min(1).max(40),
  /** The number of the turn that last added to the order; 0 before the first. */
  lastOrderTurn: z.int().min(0),
  smallTalkCount: z.int().min(0),
  // Looked at one by one, when they come.
  messages: z.custom<Message[]>(Array.isArray),
  /** The turn under way, with what its tools have done so far: what is left to show if it is cut off. */
  openTurn: z
    .strictObject({
      id: z.string().min(1),
      startedAt: z.int().min(0),
      tools: z.array(ToolRecordSchema),
      /** The guest has asked to end the answer where it is. */
      isStopped: z.literal(true).optional(),
    })
    .nullable(),
});

export type Conversation = z.infer<typeof ConversationSchema>;
export type ToolRecord = z.infer<typeof ToolRecordSchema>;

const initial: Conversation = { turnCount: 0, phase: 'greeting', lastOrderTurn: 0, smallTalkCount: 0, messages: [], openTurn: null };

export const conversationState = defineState({
  name: 'conversation',
  scope: 'conversation',
  version: 2,
  schema: ConversationSchema,
  initial,
  migrations: { 2: fillMissing(initial) },
  each: { messages: MessageSchema },
  invariants: {
    messagesStay: (now, was) =>
      (now.messages.length >= was.messages.length && was.messages.every(({ id }, index) => now.messages[index]?.id === id)) ||
      'a message was taken out',
    turnsCount: (now, was) => now.turnCount === was.turnCount || now.turnCount === was.turnCount + 1 || 'turns are counted one by one',
  },
});

/** The id of the reply to a message; it is also how a repeated message finds its reply. */
export function replyId(turnId: string): string {
  return `${turnId}.reply`;
}
