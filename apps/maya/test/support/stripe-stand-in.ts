import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Stripe } from 'stripe';
import { StandInServer } from './stand-in-server.ts';
import { StripeAccount, type StripeEvent } from './stripe-account.ts';
import { IdempotencyTable, type StripeAnswer } from './stripe-idempotency.ts';
import { checkoutPage } from './stripe-page.ts';

export const STRIPE_KEY = 'sk_test_good_key_for_tests';
export const WEBHOOK_SECRET = 'whsec_for_tests';

export type StripeCall = 'create' | 'list' | 'get' | 'expire' | 'balance';
/**
 * What can befall a request: it is lost on its way, or carried out and its answer lost; carried out after its answer was given up (`late`); refused for
 * now (409, 429); broken in the middle of being carried out, which is kept under its key (500); out of order before it began (503); never answered.
 */
export type StripeFault = 'lost-request' | 'lost-reply' | 'late' | 'conflict' | 'rate-limit' | 'error' | 'unavailable' | 'hang';

const LATE_MS = 30;

/** A request of the API, as it came. */
export interface StripeRequest {
  readonly call: StripeCall;
  readonly idempotencyKey: string | undefined;
  readonly version: string | undefined;
  /** How the answer went. */
  status?: number;
  isReplay?: boolean;
}

/** An HTTP server that keeps the contract of Stripe's API for Checkout sessions, with the pages where guests pay them. */
export class StripeStandIn extends StandInServer {
  readonly account = new StripeAccount();
  readonly requests: StripeRequest[] = [];
  /** Asked before each request: what shall befall it. */
  fault: (call: StripeCall) => StripeFault | undefined = () => undefined;
  /** Whether sessions cannot be made with these parameters, as far as Stripe is concerned. */
  refuses = false;
  readonly #idempotency = new IdempotencyTable();

  static async start(): Promise<StripeStandIn> {
    return await new StripeStandIn().listen();
  }

  /** Without a slash at the end. */
  get url(): string {
    return this.origin;
  }

  /** For the SDK: where this server is, and how long to wait for it. */
  config(timeoutMs = 2_000): Stripe.StripeConfig {
    return { host: '127.0.0.1', port: this.port, protocol: 'http', timeout: timeoutMs };
  }

  /** Sends an event to a webhook, signed as Stripe does, now or as if at another time (epoch seconds). */
  async deliver(url: string, event: StripeEvent, options: Signing = {}): Promise<number> {
    const { payload, signature } = signed(event, options);
    const response = await fetch(url, { method: 'POST', body: payload, headers: { 'stripe-signature': signature } });
    await response.text();
    return response.status;
  }

  protected override async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', this.url);
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    if (url.pathname === '/back') return void response.end('Back where the guest came from.');
    if (url.pathname.startsWith('/c/pay/')) return checkoutPage(this.account, request.method ?? '', url.pathname, response);
    if (request.headers.authorization !== `Bearer ${STRIPE_KEY}`)
      return send(response, error(401, 'invalid_request_error', 'Invalid API Key.'));
    const call = callOf(request.method ?? '', url.pathname);
    if (!call) return send(response, error(404, 'invalid_request_error', 'Unrecognized request URL.'));
    const idempotencyKey = request.headers['idempotency-key'] as string | undefined;
    const asked: StripeRequest = { call, idempotencyKey, version: request.headers['stripe-version'] as string | undefined };
    this.requests.push(asked);
    await this.#answer(asked, response, url, body);
  }

  async #answer(asked: StripeRequest, response: ServerResponse, url: URL, body: string): Promise<void> {
    const fault = this.fault(asked.call);
    if (fault === 'lost-request') return void response.destroy();
    if (fault === 'hang') return;
    if (fault === 'rate-limit') return send(response, { ...error(429, 'rate_limit_error', 'Too many requests.') }, asked);
    if (fault === 'unavailable') return send(response, error(503, 'api_error', 'Stripe is out of order.'), asked);
    if (this.refuses && asked.call === 'create') return send(response, error(400, 'invalid_request_error', 'Invalid currency.'), asked);
    const key = asked.call === 'create' ? asked.idempotencyKey : undefined;
    const known = key === undefined ? undefined : this.#idempotency.begin(key, `${url.pathname}?${body}`);
    const isLost = fault === 'lost-reply' || fault === 'late';
    if (known) return isLost ? void response.destroy() : send(response, known.answer, asked, known.isReplay);
    if (fault === 'conflict') {
      if (key !== undefined) this.#idempotency.forget(key);
      return send(response, error(409, 'invalid_request_error', 'The request conflicts with another.', 'idempotency_key_in_use'), asked);
    }
    if (fault === 'late') {
      response.destroy();
      await sleep(LATE_MS);
    }
    const answer =
      fault === 'error' ? error(500, 'api_error', 'Something went wrong on Stripe’s end.') : this.#carryOut(asked.call, url, body);
    if (key !== undefined) this.#idempotency.end(key, answer);
    if (isLost) response.destroy();
    else send(response, answer, asked);
  }

  #carryOut(call: StripeCall, { pathname, searchParams }: URL, body: string): StripeAnswer {
    const { account } = this;
    const id = pathname.split('/')[4] ?? '';
    switch (call) {
      case 'balance':
        return { status: 200, body: { object: 'balance', available: [], pending: [], livemode: false } };
      case 'create':
        return { status: 200, body: account.make(new URLSearchParams(body), this.url) };
      case 'get': {
        const session = account.find(id);
        return session
          ? { status: 200, body: session }
          : error(404, 'invalid_request_error', 'No such checkout.session.', 'resource_missing');
      }
      case 'expire': {
        const session = account.expire(id);
        return session ? { status: 200, body: session } : error(400, 'invalid_request_error', 'Only open sessions can be expired.');
      }
      case 'list': {
        const since = Number(searchParams.get('created[gte]') ?? 0);
        const newest = account.sessions.filter(({ created }) => created >= since).toReversed();
        const from = newest.findIndex((session) => session.id === searchParams.get('starting_after')) + 1;
        const data = newest.slice(from, from + Number(searchParams.get('limit') ?? 10));
        return { status: 200, body: { object: 'list', url: pathname, data, has_more: from + data.length < newest.length } };
      }
    }
  }
}

interface Signing {
  readonly secret?: string;
  readonly timestamp?: number;
}

/** An event as Stripe sends it. */
export function signed(
  event: StripeEvent,
  { secret = WEBHOOK_SECRET, timestamp }: Signing = {},
): { readonly payload: string; readonly signature: string } {
  const payload = JSON.stringify(event, null, 2);
  const options = { payload, secret, ...(timestamp !== undefined && { timestamp }) };
  return { payload, signature: new Stripe(STRIPE_KEY).webhooks.generateTestHeaderString(options) };
}

function callOf(method: string, path: string): StripeCall | undefined {
  const sessions = '/v1/checkout/sessions';
  if (path === '/v1/balance' && method === 'GET') return 'balance';
  if (path === sessions) return method === 'POST' ? 'create' : 'list';
  if (path.startsWith(`${sessions}/`)) return path.endsWith('/expire') && method === 'POST' ? 'expire' : 'get';
  return undefined;
}

function error(status: number, type: string, message: string, code?: string): StripeAnswer {
  return { status, body: { error: { type, message, ...(code !== undefined && { code }) } } };
}

function send(response: ServerResponse, { status, body }: StripeAnswer, asked?: StripeRequest, isReplay = false): void {
  if (asked) Object.assign(asked, { status, isReplay });
  response.writeHead(status, { 'content-type': 'application/json', ...(isReplay && { 'idempotent-replayed': 'true' }) });
  response.end(JSON.stringify(body));
}
