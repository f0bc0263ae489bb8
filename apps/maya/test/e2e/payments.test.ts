import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { makeLog } from '../../server/log.ts';
import { McpProvider } from '../../server/payments/mcp-provider.ts';
import { NoPayments } from '../../server/payments/no-payments.ts';
import { McpStandIn } from '../support/mcp-stand-in.ts';
import { OpenBar } from '../support/open-bar.ts';
import { openStripeBar } from '../support/stripe-bar.ts';
import { useBrowser } from './use-browser.ts';
import { Visit } from './visit.ts';

const TIMES = { pollEveryMs: 200 };

const chromium = useBrowser({ reducedMotion: 'reduce' });

/** A visitor with $31.00 on the tab and a tip of $4.65 who has been given a link; gives the page behind it, too. */
async function payFrom(url: string): Promise<{ visit: Visit; provider: Page }> {
  const visit = await Visit.open(chromium.context, url);
  await visit.say('two dry martinis and a tap beer, please');
  await visit.tip(15).click();
  await visit.seesTab('Total $35.65.');
  await visit.payButton.click();
  const [provider] = await Promise.all([chromium.context.waitForEvent('page'), visit.paymentLink.click()]);
  return { visit, provider };
}

async function seesPaid(visit: Visit): Promise<void> {
  await visit.page.getByText('Paid $35.65. Thank you!').waitFor();
  await visit.seesTab('Tab $0.00. Balance $969.00.');
}

describe('paying in a browser', () => {
  it('with Stripe: on its page, with another card when the first is declined, and the bar sees it by itself', async () => {
    await using open = await openStripeBar({ paymentTimes: TIMES });
    const { visit, provider } = await payFrom(open.bar.url);
    await provider.getByRole('heading', { name: /\$31\.00 and a tip of \$4\.65/ }).waitFor();
    await provider.getByRole('button', { name: 'Pay with a declined card' }).click();
    await provider.getByRole('button', { name: 'Pay', exact: true }).click();
    await seesPaid(visit);
    expect(await visit.page.getByText('simulated').count()).toBe(0);
    expect(open.stripe.account.charges.map(({ amount }) => amount)).toEqual([3565]);
  });

  it('with Stripe that is slow: the page says that it is being prepared, and then has the link', async () => {
    await using open = await openStripeBar({ linkWaitMs: 50, paymentTimes: { ...TIMES, attemptWaitsMs: [1_000] } });
    const visit = await Visit.open(chromium.context, open.bar.url);
    await visit.say('a martini please');
    const faults = ['lost-request' as const];
    open.stripe.fault = (call) => (call === 'create' ? faults.shift() : undefined);
    await visit.payButton.click();
    await visit.page.getByText('Your payment page for $13.00 is being prepared…').waitFor();
    await visit.paymentLink.waitFor();
    expect(open.stripe.account.sessions).toHaveLength(1);
  });

  it('with the simulated provider: marked as such', async () => {
    await using bar = await OpenBar.open();
    const { visit, provider } = await payFrom(bar.url);
    await visit.page.getByText('simulated').first().waitFor();
    await provider.getByText('Simulated payment: no real money moves.').waitFor();
    await provider.getByRole('button', { name: 'Confirm payment' }).click();
    await seesPaid(visit);
    expect(await provider.getByRole('status').innerText()).toBe('Paid. Thank you!');
  });

  it('with an MCP server: on the page of its link', async () => {
    await using mcp = await McpStandIn.start();
    const payments = new McpProvider({ url: mcp.url, token: mcp.token, log: makeLog('silent') });
    await using bar = await OpenBar.open({ payments, paymentTimes: TIMES });
    const { visit, provider } = await payFrom(bar.url);
    await provider.getByRole('button', { name: 'Pay' }).click();
    await seesPaid(visit);
    expect(mcp.calls.filter((name) => name === 'create_payment_link')).toHaveLength(1);
  });

  it('with nobody: there is no button, and the page says why', async () => {
    await using bar = await OpenBar.open({ payments: new NoPayments() });
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.say('two dry martinis and a tap beer, please');
    await visit.page.getByText('No payments are taken here.').waitFor();
    expect(await visit.payButton.count()).toBe(0);
    await visit.say("I'd like to pay my bill");
    expect(await visit.replies.last().innerText()).toContain('No payments are taken here.');
  });
});
