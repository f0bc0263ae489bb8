import { randomUUID } from 'node:crypto';
import { formatAmount } from '../orders/format-amount.ts';
import type { Session } from '../session/session.ts';

/** Lets Maya react to a tip that was set or removed with a button: she thanks, and is not hurt by a removal. It is no turn. */
export async function thankForTip(session: Session): Promise<void> {
  const id = randomUUID();
  await session.change(
    ({ conversation, payment }, tx) => {
      const { tipPercentage, tipAmount } = payment;
      const text =
        tipPercentage === null
          ? 'No tip, no hard feelings. Enjoy your drink!'
          : `${tipPercentage} percent, ${formatAmount(tipAmount)}: thank you, that is sweet of you!`;
      conversation.messages.push({
        id,
        role: 'assistant',
        text,
        emotion: tipPercentage === null ? 'neutral' : 'happy',
        tools: [],
        isCutOff: false,
        at: tx.now,
      });
    },
    { actor: 'maya', cause: 'tip' },
  );
}
