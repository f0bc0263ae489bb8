import type { ServerResponse } from 'node:http';
import type { StripeAccount } from './stripe-account.ts';

/** The page of a session: shows what is to be paid, and takes a good card or one that is declined. */
export function checkoutPage(account: StripeAccount, method: string, path: string, response: ServerResponse): void {
  const [, , , id = '', card] = path.split('/');
  if (method === 'POST' && (card === 'good' || card === 'declined')) {
    const session = account.answer(id, card);
    const location = session?.status === 'complete' ? session.success_url : `/c/pay/${id}?declined`;
    return void response.writeHead(303, { location }).end();
  }
  const session = account.find(id);
  const isOpen = session?.status === 'open';
  const form = (name: string, label: string): string =>
    `<form method="post" action="/c/pay/${id}/${name}"><button>${label}</button></form>`;
  response.writeHead(isOpen ? 200 : 410, { 'content-type': 'text/html; charset=utf-8' }).end(
    `<!doctype html><html lang="en"><title>Checkout</title><h1>${isOpen ? session.description : 'This session is over.'}</h1>
    ${isOpen ? `<p>${session.amount_total} ${session.currency}</p>${form('good', 'Pay')}${form('declined', 'Pay with a declined card')}` : ''}</html>`,
  );
}
