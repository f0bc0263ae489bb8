import { z } from 'zod';
import { EMOTIONS } from '../state/index.ts';
import type { ContinueAnswer, ErrorAnswer, KeysView, MessageView, OrderView, PaymentView, SessionAnswer, SessionView } from './contract.ts';

const Cents = z.int().min(0).describe('Minor units.');
const Text = z.string();
const Flag = z.boolean();

const Message = z.strictObject({
  id: Text,
  role: z.enum(['user', 'assistant']),
  text: Text,
  emotion: z.enum(EMOTIONS).exactOptional(),
  tools: z.array(z.strictObject({ name: Text, status: z.enum(['ok', 'error']), summary: Text })).exactOptional(),
  isCutOff: Flag.exactOptional(),
  at: z.int().describe('Epoch ms.'),
}) satisfies z.ZodType<MessageView>;

const Order = z.strictObject({
  items: z.array(z.strictObject({ name: Text, quantity: z.int().min(1), modifiers: z.array(Text), unitPrice: Cents, lineTotal: Cents })),
  isFinished: Flag,
}) satisfies z.ZodType<OrderView>;

const Payment = z.strictObject({
  currency: Text,
  balance: Cents,
  tab: Cents,
  tipPercentage: z.union([z.literal(10), z.literal(15), z.literal(20)]).nullable(),
  tip: Cents,
  total: Cents,
  paidTotal: Cents,
  charging: Cents.nullable(),
  status: z.enum(['pending', 'processing', 'completed']),
  link: Text.nullable(),
  needsReconciliation: Flag,
  isSimulated: Flag,
  takesPayments: Flag,
}) satisfies z.ZodType<PaymentView>;

const KeySource = z.enum(['session', 'server', 'none', 'unreadable']);
const Keys = z.strictObject({ gemini: KeySource, cartesia: KeySource, isGeminiNeeded: Flag }) satisfies z.ZodType<KeysView>;

const Session = z.strictObject({
  revision: z.int().min(0),
  phase: z.enum(['greeting', 'order_taking', 'small_talk', 'reorder_prompt']),
  messagesFrom: z.int().min(0).describe('How many messages stand before the first of `messages`.'),
  messages: z.array(Message),
  order: Order,
  payment: Payment,
  keys: Keys,
  isBusy: Flag,
}) satisfies z.ZodType<SessionView>;

const SessionOrNone = z.strictObject({
  session: Session.nullable(),
  keys: Keys,
  notice: z.literal('expired').exactOptional(),
}) satisfies z.ZodType<SessionAnswer>;

const Refused = z.strictObject({
  error: Text.describe('A stable code.'),
  message: Text.describe('A sentence for the guest.'),
  needsReconciliation: z.literal(true).exactOptional(),
  field: z.enum(['gemini', 'cartesia']).exactOptional(),
  errorId: Text.exactOptional(),
}) satisfies z.ZodType<ErrorAnswer>;

/** What the server answers with, by the names in `/openapi.json`. */
export const ANSWER_SCHEMAS = {
  MessageView: Message,
  OrderView: Order,
  PaymentView: Payment,
  KeysView: Keys,
  SessionView: Session,
  SessionAnswer: SessionOrNone,
  ErrorAnswer: Refused,
  ContinueAnswer: z.strictObject({ link: Text, expiresAt: z.int() }) satisfies z.ZodType<ContinueAnswer>,
  Health: z.strictObject({ status: z.literal('ok') }),
  Received: z.strictObject({ received: z.literal(true) }),
} as const;

export type SchemaName = keyof typeof ANSWER_SCHEMAS;
