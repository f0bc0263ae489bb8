import { formatAmount } from '../orders/format-amount.ts';
import type { ClosedPayment, Conversation, Message, Payment } from '../state/index.ts';

/** A payment that has just been closed. */
export interface PaymentNews {
  readonly outcome: ClosedPayment['outcome'];
  readonly number: number;
  /** Tab and tip, minor units. */
  readonly amount: number;
  /** Epoch ms. */
  readonly at: number;
}

/** Lets Maya say what became of a payment; `payment` is what there is to pay afterwards. */
export function announce(conversation: Conversation, { outcome, number, amount, at }: PaymentNews, payment: Payment): void {
  const emotion: Message['emotion'] = outcome === 'paid' ? 'happy' : 'neutral';
  conversation.messages.push({
    id: `payment-${number}`,
    role: 'assistant',
    text: sentence(outcome, amount, payment),
    emotion,
    tools: [],
    isCutOff: false,
    at,
  });
}

function sentence(outcome: PaymentNews['outcome'], amount: number, { tabTotal }: Payment): string {
  const paid = formatAmount(amount);
  const tab = formatAmount(tabTotal);
  switch (outcome) {
    case 'paid':
      return tabTotal > 0
        ? `${paid} received, thank you! What you ordered since is on a new tab: ${tab}.`
        : `${paid} received, thank you! Your tab is settled.`;
    case 'declined':
      return `That payment of ${paid} was declined, and nothing was charged. Your tab is still ${tab}; you can try again whenever you like.`;
    case 'cancelled':
      return `The payment of ${paid} is cancelled, and nothing was charged. Your tab stays open at ${tab}.`;
    case 'expired':
      return `The payment of ${paid} ran out of time, and nothing was charged. Your tab is still ${tab}.`;
    case 'failed':
      return `I could not get a payment link this time, and nothing was charged. Your tab is still ${tab}; please try again in a moment.`;
  }
}
