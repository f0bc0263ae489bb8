import type { KeysView, MessageView, OrderView, PaymentView, SessionView } from '../http/contract.ts';
import type { ProviderName } from '../payments/payment-provider.ts';
import { isPhase } from '../turn/phases.ts';
import { replyId, type Conversation, type Message } from '../state/index.ts';
import type { Session } from './session.ts';

export interface ViewOptions {
  readonly provider: ProviderName;
  readonly keys: KeysView;
  /** How many of the messages, from the first on, the page has. */
  readonly messagesFrom: number;
  /** Whether this turn runs now; an open one that does not was cut off. */
  readonly isRunning: (turnId: string) => boolean;
}

/** The session as a page shows it. */
export function sessionView(session: Session, { provider, keys, messagesFrom, isRunning }: ViewOptions): SessionView {
  const conversation = session.conversation.current;
  const { openTurn, phase } = conversation;
  const isBusy = openTurn !== null && isRunning(openTurn.id);
  const cutOff = openTurn && !isBusy ? [cutOffReply(openTurn)] : [];
  return {
    revision: session.revision,
    phase: isPhase(phase) ? phase : 'small_talk',
    messagesFrom,
    messages: [...conversation.messages.slice(messagesFrom), ...cutOff].map(messageView),
    order: orderView(session),
    payment: paymentView(session, provider),
    keys,
    isBusy,
  };
}

/** What is left of a turn that ended before its reply: what its tools did stands. */
export function cutOffReply({ id, startedAt, tools }: NonNullable<Conversation['openTurn']>): Message {
  return { id: replyId(id), role: 'assistant', text: '', emotion: null, tools, isCutOff: true, at: startedAt };
}

export function messageView({ id, role, text, emotion, tools, isCutOff, at }: Message): MessageView {
  return { id, role, text, at, ...(emotion && { emotion }), ...(tools.length > 0 && { tools }), ...(isCutOff && { isCutOff }) };
}

function orderView({ currentOrder }: Session): OrderView {
  const { items, finished } = currentOrder.current;
  return {
    items: items.map(({ name, quantity, modifiers, unitPrice, lineTotal }) => ({ name, quantity, modifiers, unitPrice, lineTotal })),
    isFinished: finished,
  };
}

function paymentView({ payment }: Session, provider: ProviderName): PaymentView {
  const { currency, balance, tabTotal, tipPercentage, tipAmount, paidTotal, status, link, charge, needsReconciliation } = payment.current;
  return {
    currency,
    balance,
    tab: tabTotal,
    tipPercentage,
    tip: tipAmount,
    total: tabTotal + tipAmount,
    paidTotal,
    charging: charge && charge.tab + charge.tip,
    status,
    link,
    needsReconciliation,
    isSimulated: provider === 'simulated',
    takesPayments: provider !== 'none',
  };
}
