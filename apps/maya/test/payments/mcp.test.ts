import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { makeLog } from '../../server/log.ts';
import { McpProvider } from '../../server/payments/mcp-provider.ts';
import { NoPayments } from '../../server/payments/no-payments.ts';
import { McpStandIn, type McpStandInOptions } from '../support/mcp-stand-in.ts';
import { OpenBar } from '../support/open-bar.ts';
import type { Visitor } from '../support/visitor.ts';

interface McpBar extends AsyncDisposable {
  readonly bar: OpenBar;
  readonly mcp: McpStandIn;
  readonly guest: Visitor;
}

/** A bar whose payments go to an MCP server, and a guest with a martini. */
async function openMcpBar({ token, ...options }: McpStandInOptions & { readonly token?: string } = {}): Promise<McpBar> {
  const mcp = await McpStandIn.start(options);
  const payments = new McpProvider({ url: mcp.url, token: token ?? mcp.token, log: makeLog('silent') });
  const bar = await OpenBar.open({ payments, linkWaitMs: 5_000, paymentTimes: { attemptWaitsMs: [10, 20, 40], callTimeoutMs: 1_000 } });
  const guest = bar.visitor();
  await guest.say('a martini please');
  const close = async (): Promise<void> => {
    await bar[Symbol.asyncDispose]();
    await mcp[Symbol.asyncDispose]();
  };
  return { bar, mcp, guest, [Symbol.asyncDispose]: close };
}

async function pay(guest: Visitor): Promise<SessionView['payment']> {
  const response = await guest.post('/api/pay');
  expect(response.status).toBe(200);
  return ((await response.json()) as SessionView).payment;
}

describe('paying by an MCP server', () => {
  it('makes one link under the key of the payment, and is paid when the server says so', async () => {
    await using open = await openMcpBar();
    const { link, isSimulated } = await pay(open.guest);
    expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/pay\//);
    expect(isSimulated).toBe(false);
    expect((await pay(open.guest)).link).toBe(link);

    await fetch(`${link}/confirm`, { method: 'POST' });

    expect((await open.guest.say('did my payment go through?')).reply?.text).toContain('All paid');
    expect((await open.guest.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300, tab: 0 });
    expect(open.mcp.calls.filter((name) => name === 'create_payment_link')).toHaveLength(1);
  });

  it.each(['fail', 'lose-reply', 'hang'] as const)('goes on when creating comes to "%s" once: one link', async (fault) => {
    await using open = await openMcpBar();
    open.mcp.faults.set('create', fault);
    const paying = pay(open.guest);
    while (!open.mcp.calls.includes('create_payment_link')) await new Promise((resolve) => setTimeout(resolve, 5));
    open.mcp.faults.clear();
    const { link } = await paying;
    await fetch(`${link}/confirm`, { method: 'POST' });
    await open.guest.say('did my payment go through?');
    expect((await open.guest.session()).payment).toMatchObject({ status: 'completed', paidTotal: 1300 });
  });

  it('whose server cannot say whether there is a link is unknown until it can', async () => {
    await using open = await openMcpBar();
    open.mcp.faults.set('create', 'lose-reply').set('find', 'fail');
    const paying = open.guest.post('/api/pay');
    await open.guest.until(({ payment }) => payment.needsReconciliation);
    open.mcp.faults.clear();
    await paying;
    const { payment } = await open.guest.until((session) => session.payment.status === 'processing');
    expect(payment).toMatchObject({ needsReconciliation: false, paidTotal: 0 });
  });

  it('can be cancelled, which deactivates the link', async () => {
    await using open = await openMcpBar();
    const { link } = await pay(open.guest);
    expect((await open.guest.post('/api/pay/cancel')).status).toBe(200);
    await fetch(`${link}/confirm`, { method: 'POST' });
    expect((await open.guest.session()).payment).toMatchObject({ status: 'pending', tab: 1300, paidTotal: 0, link: null });
  });

  it('cannot be cancelled where the server has no tool for it, and says so', async () => {
    await using open = await openMcpBar({ without: ['deactivate_payment_link'] });
    await pay(open.guest);
    const response = await open.guest.post('/api/pay/cancel');
    expect(await response.json()).toMatchObject({ error: 'PAYMENT_FAILED', message: expect.stringContaining('does not cancel') as string });
    expect((await open.guest.session()).payment.status).toBe('processing');
  });

  it.each([{ without: ['get_payment_link'] }, { without: ['create_payment_link'] }, { token: 'another' }])(
    'is refused before it starts when the server cannot be used: %j',
    async (options) => {
      await using open = await openMcpBar(options);
      const response = await open.guest.post('/api/pay');
      expect([response.status, await response.json()]).toMatchObject([503, { error: 'STRIPE_UNAVAILABLE' }]);
      expect((await open.guest.session()).payment).toMatchObject({ status: 'pending', charging: null, tab: 1300 });
    },
  );
});

describe('a bar that takes no payments', () => {
  it('says so, keeps the tab open, and shows it to the page', async () => {
    await using bar = await OpenBar.open({ payments: new NoPayments() });
    const guest = bar.visitor();
    await guest.say('a martini please');
    const { reply } = await guest.say('I would like to pay my bill');
    expect(reply?.text).toContain('No payments are taken here');
    expect((await guest.post('/api/pay')).status).toBe(409);
    expect((await guest.session()).payment).toMatchObject({
      takesPayments: false,
      isSimulated: false,
      tab: 1300,
      status: 'pending',
      charging: null,
    });
  });
});
