import { StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { expect, it } from 'vitest';
import { passingKey } from '../../server/keys/master-keys.ts';
import { SessionTokens } from '../../server/session/session-tokens.ts';
import { Sessions } from '../../server/session/sessions.ts';

it('a session begins with 1,000 dollars, nothing ordered and nothing said, and stores none of it', async () => {
  await using state = await StateManager.open({ store: memory(), keys: passingKey() });

  const session = await new Sessions({ state, tokens: new SessionTokens('test'), expiresAfterMs: 60_000, clock: Date.now }).create();

  expect(session.conversation.current).toEqual({
    ...{ turnCount: 0, phase: 'greeting', lastOrderTurn: 0, smallTalkCount: 0, messages: [], openTurn: null },
  });
  expect(session.orderHistory.current).toEqual({ items: [], totalCost: 0, payments: [] });
  expect(session.currentOrder.current).toEqual({ items: [], finished: false });
  expect(session.payment.current).toEqual({
    ...{ currency: 'USD', balance: 100_000, tabTotal: 0, tipPercentage: null, tipAmount: 0, paidTotal: 0, toppedUp: 0 },
    ...{ number: 1, status: 'pending', charge: null, idempotencyKey: null, paymentId: null, link: null, needsReconciliation: false },
  });
  expect(session.apiKeys.current).toEqual({ gemini: null, cartesia: null, validated: false });
  expect([session.payment.version, session.revision, await session.entity.exists()]).toEqual([0, 0, false]);
});
