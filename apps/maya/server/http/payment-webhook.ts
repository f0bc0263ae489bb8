import { Hono } from 'hono';
import { z } from 'zod';
import { askAboutPayment } from '../payments/payment-origin.ts';
import { WebhookRefusal, type StripeWebhook } from '../payments/stripe-webhook.ts';
import { RequestRefusal } from './contract-errors.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';

/** Larger than any event that Stripe sends. */
const MOST_BYTES = 512 * 1024;

/** `POST /api/payments/webhook`, for Stripe: an event is a reason to ask what became of its payment. Events twice, late or in another order change nothing. */
export function paymentWebhook({ bar, log }: MayaContext, webhook: StripeWebhook): Hono {
  const routes = new Hono();
  const hear = operation({
    id: 'hearFromStripe',
    summary: 'For Stripe: an event, signed in the header Stripe-Signature.',
    body: { schema: z.looseObject({}), maxBytes: MOST_BYTES, refuse: () => new RequestRefusal(400, 'BAD_REQUEST', 'That is no event.') },
    answers: { 200: { description: 'It was heard.', schema: 'Received' } },
  });
  routes.post('/', hear, async (c) => {
    const key = await webhook.read(await c.req.text(), c.req.header('stripe-signature')).catch((error: unknown) => {
      if (!(error instanceof WebhookRefusal)) throw error;
      log.warn({ reason: error.message }, 'an event was refused');
      throw new RequestRefusal(400, 'BAD_REQUEST', error.message);
    });
    if (key !== undefined) await askAboutPayment(bar.state, key);
    return c.json({ received: true });
  });
  return routes;
}
