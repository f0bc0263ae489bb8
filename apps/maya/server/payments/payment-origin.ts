import { defineState, type StateManager } from 'holdfast';
import { z } from 'zod';
import { PROVIDER_NAMES } from './payment-provider.ts';

/** How long it is known what a payment was for, whatever has become of its session. */
const KEPT_FOR_MS = 400 * 24 * 3_600_000;

/** One payment, by the key that the provider has it under: which session started it, with whom and for how much. */
const paymentOriginState = defineState({
  name: 'paymentOrigin',
  scope: 'workflow',
  schema: z.strictObject({
    /** null only in a payment that was never started. */
    sessionId: z.string().nullable(),
    provider: z.enum(PROVIDER_NAMES),
    /** Minor units, tip included. */
    amount: z.int().min(0),
    currency: z.string(),
  }),
  initial: { sessionId: null, provider: 'none', amount: 0, currency: '' },
});

export type PaymentOrigin = typeof paymentOriginState.initial;

/** Remembers where a payment comes from, beyond the end of its session. */
export async function rememberOrigin(state: StateManager, key: string, origin: PaymentOrigin): Promise<void> {
  const handle = await state.workflow(key, { expiresAfterMs: KEPT_FOR_MS }).get(paymentOriginState);
  if (handle.current.sessionId === null) await handle.set(origin, { actor: 'maya', cause: 'payment' });
}

/** Has the provider asked now what became of a payment. A key that is none of ours, or of a session that has ended, is passed over. */
export async function askAboutPayment(state: StateManager, key: string): Promise<void> {
  const payment = state.workflow(key, { expiresAfterMs: KEPT_FOR_MS });
  if (!(await payment.exists())) return;
  const { sessionId } = (await payment.get(paymentOriginState)).current;
  if (sessionId === null) return;
  const session = state.conversation(sessionId);
  if (await session.exists()) await session.reconcile();
}
