import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { formatAmount } from '../orders/format-amount.ts';
import { askAboutPayment } from '../payments/payment-origin.ts';
import type { ProviderStatus } from '../payments/payment-provider.ts';
import { SimulatedProvider, type SimulatedPayment } from '../payments/simulated-provider.ts';
import { RequestRefusal } from './contract-errors.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';

const STYLE = readFileSync(new URL('./payment-page.css', import.meta.url), 'utf8');

const OUTCOMES: Readonly<Record<Exclude<ProviderStatus, 'open'>, string>> = {
  paid: 'Paid. Thank you!',
  declined: 'Declined. Nothing was charged.',
  cancelled: 'This payment was cancelled. Nothing was charged.',
  expired: 'This payment has run out of time. Nothing was charged.',
};

/** The simulated provider's page, `/pay/:id`. Who has the link may answer it, on whichever device; no session is needed. */
export function paymentPage({ bar, log }: MayaContext): Hono {
  const routes = new Hono();
  const { provider } = bar;
  routes.use(async (c, next) => {
    await next();
    c.header('Cache-Control', 'no-store');
    // With no-referrer a form would be sent without its origin, which the guard asks for.
    c.header('Referrer-Policy', 'same-origin');
  });
  const style = operation({
    id: 'paymentStyle',
    summary: 'The style sheet of the payment page.',
    answers: { 200: { description: 'CSS.', mediaType: 'text/css' } },
  });
  routes.get('/style.css', style, (c) => c.body(STYLE, 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  if (!(provider instanceof SimulatedProvider)) return routes;

  const show = operation({
    id: 'showPayment',
    summary: 'The simulated provider’s page of a payment.',
    answers: { 200: { description: 'The page.', mediaType: 'text/html' } },
  });
  routes.get('/:id', show, async (c) => c.html(page(known(await provider.look(c.req.param('id'))))));
  for (const [action, status] of [['confirm', 'paid'] as const, ['decline', 'declined'] as const]) {
    const answer = operation({
      id: `${action}Payment`,
      summary: `The page’s button: has the payment ${status}.`,
      answers: { 303: { description: 'The page of the payment, with what became of it.' } },
    });
    routes.post(`/:id/${action}`, answer, async (c) => {
      const id = c.req.param('id');
      const { idempotencyKey } = known(await provider.answer(id, status));
      // The provider has the answer; if the bar cannot be told now it will ask by itself.
      await askAboutPayment(bar.state, idempotencyKey).catch((error: unknown) =>
        log.error({ err: error }, 'a payment could not be settled at once'),
      );
      return c.redirect(`/pay/${id}`, 303);
    });
  }
  return routes;
}

function known(payment: SimulatedPayment | undefined): SimulatedPayment {
  if (!payment) throw new RequestRefusal(404, 'BAD_REQUEST', 'There is no such payment.');
  return payment;
}

function page({ id, amount, description, status }: SimulatedPayment): ReturnType<typeof html> {
  const answer =
    status === 'open'
      ? html`<form method="post" action="/pay/${id}/confirm"><button class="confirm" type="submit">Confirm payment</button></form>
          <form method="post" action="/pay/${id}/decline"><button type="submit">Decline</button></form>`
      : html`<p class="outcome" role="status">${OUTCOMES[status]}</p>
          <p><a href="/">Back to the bar</a></p>`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>Payment (simulated)</title>
        <link rel="stylesheet" href="/pay/style.css" />
      </head>
      <body>
        <main>
          <p class="simulated">Simulated payment: no real money moves.</p>
          <h1>${formatAmount(amount)}</h1>
          <p>${description}</p>
          ${answer}
        </main>
      </body>
    </html>`;
}
