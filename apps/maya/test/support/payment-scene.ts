import { randomUUID } from 'node:crypto';
import { memory } from 'holdfast/memory';
import type { SessionAnswer, SessionView } from '../../server/http/contract.ts';
import { passingKey } from '../../server/keys/master-keys.ts';
import { makeLog } from '../../server/log.ts';
import { openMaya, type Maya } from '../../server/open-maya.ts';
import type { PaymentProvider } from '../../server/payments/payment-provider.ts';
import { openStripe } from '../../server/payments/stripe-client.ts';
import { StripeProvider } from '../../server/payments/stripe-provider.ts';
import { StripeWebhook } from '../../server/payments/stripe-webhook.ts';
import { orderHistoryState, paymentState, type OrderHistory, type Payment } from '../../server/state/index.ts';
import { killable, type KillableStore } from './killable-store.ts';
import { signed, STRIPE_KEY, StripeStandIn, WEBHOOK_SECRET, type StripeFault } from './stripe-stand-in.ts';

/** Longer than a dead process's leases last. */
const LEASE_MS = 6_000;
/** Everything that takes time, made short: calls are given up soon, and attempts follow one another at once. */
const TIMES = { attemptWaitsMs: [1, 2, 4], attemptsWithinMs: 15_000, callTimeoutMs: 300, pollEveryMs: 20, pollForMs: 100 };
const UNLIMITED = { perSession: 10_000, burst: 10_000, inAll: 10_000 };

/** How often what was to be tested has come about. */
export interface Tally {
  kills: number;
  /** A view that said that nobody knows what became of the payment. */
  unknown: number;
  /** Payments that Stripe had, without the bar having heard of it. */
  recovered: number;
  /** Events that came again. */
  repeatedEvents: number;
  /** Payments that Stripe charged, and that came to nothing. */
  paid: number;
  closed: number;
  /** Orders while a payment was under way. */
  ordersMeanwhile: number;
}

/** A guest, a bar that can be killed at any moment and comes back on the same data, and a Stripe that misbehaves. */
export class PaymentScene implements AsyncDisposable {
  readonly stripe: StripeStandIn;
  /** What befalls the next requests to Stripe. */
  readonly faults: (StripeFault | undefined)[] = [];
  /** Every link that a guest was ever shown, oldest first. */
  readonly links = new Set<string>();
  readonly tally: Tally = { kills: 0, unknown: 0, recovered: 0, repeatedEvents: 0, paid: 0, closed: 0, ordersMeanwhile: 0 };
  readonly #sent = new Set<string>();
  readonly #data = memory({ clock: () => this.#now() });
  readonly #masterKeys = passingKey();
  readonly #former: Maya[] = [];
  #store: KillableStore;
  #maya!: Maya;
  #cookie: string | undefined;
  #offsetMs = 0;
  #requestsLeft = Infinity;
  #isPaying = false;

  private constructor(stripe: StripeStandIn) {
    this.stripe = stripe;
    this.#store = killable(this.#data);
    stripe.account.now = () => this.#now();
    stripe.fault = () => {
      this.#requestsLeft -= 1;
      if (this.#requestsLeft === 0) this.#store.kill();
      return this.faults.shift();
    };
  }

  static async open(): Promise<PaymentScene> {
    const scene = new PaymentScene(await StripeStandIn.start());
    await scene.#openBar();
    return scene;
  }

  pass(ms: number): void {
    this.#offsetMs += ms;
  }

  killAt(calls: number, moment: 'before' | 'after'): void {
    this.#store.killAt(calls, moment);
  }

  /** Kills the bar while it waits for the answer to its n-th request to Stripe from now on. */
  killAtStripe(requests: number): void {
    this.#requestsLeft = requests;
  }

  /** Opens the bar again if it was killed. */
  async revive(): Promise<void> {
    if (!this.#store.isKilled) return;
    this.tally.kills += 1;
    this.#former.push(this.#maya);
    this.#store = killable(this.#data);
    this.pass(LEASE_MS);
    await this.#openBar();
  }

  /** The guest sends a request; undefined when the bar was killed before it had answered. */
  async request(path: string, body?: object): Promise<string | undefined> {
    const answer = async (): Promise<string> => {
      const headers = { ...(this.#cookie !== undefined && { cookie: this.#cookie }) };
      const response = await this.#maya.app.request(path, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
      this.#cookie ??= response.headers.getSetCookie()[0]?.split(';')[0];
      return await response.text();
    };
    return await Promise.race([answer(), this.#store.killed.then(() => undefined)]);
  }

  order(): Promise<string | undefined> {
    if (this.#isPaying) this.tally.ordersMeanwhile += 1;
    return this.request('/api/chat', { id: randomUUID(), text: 'a tap beer please' });
  }

  /** What the page shows; undefined when the bar is dead, or there is no session yet. */
  async view(): Promise<SessionView | undefined> {
    const answer = await this.request('/api/session');
    const view = answer === undefined ? undefined : ((JSON.parse(answer) as SessionAnswer).session ?? undefined);
    if (!view) return undefined;
    const { link, needsReconciliation, charging } = view.payment;
    if (link !== null) this.links.add(link);
    if (needsReconciliation) this.tally.unknown += 1;
    this.#isPaying = charging !== null;
    return view;
  }

  /** Stripe sends one of the events that there have been, again or for the first time. */
  async event(pick: number): Promise<void> {
    const { events } = this.stripe.account;
    const event = events[pick % Math.max(events.length, 1)];
    if (!event) return;
    if (this.#sent.has(event.id)) this.tally.repeatedEvents += 1;
    this.#sent.add(event.id);
    const { payload, signature } = signed(event);
    const headers = { 'stripe-signature': signature };
    const answer = this.#maya.app.request('/api/payments/webhook', { method: 'POST', body: payload, headers });
    await Promise.race([answer, this.#store.killed]);
  }

  /** Lets the bar ask about everything that is not settled. */
  async ask(): Promise<void> {
    await Promise.race([this.#maya.state.reconcile(), this.#store.killed]);
  }

  /** The states as they are stored. */
  async states(): Promise<{ readonly payment: Payment; readonly history: OrderHistory }> {
    const id = /=([\w-]+)/.exec(this.#cookie ?? '')?.[1] ?? '';
    const entity = this.#maya.state.conversation(id);
    const [payment, history] = await Promise.all([entity.get(paymentState), entity.get(orderHistoryState)]);
    return { payment: payment.current, history: history.current };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#maya.close();
    await this.stripe[Symbol.asyncDispose]();
    // The dead hold timers, and close as far as the dead can.
    for (const maya of this.#former) void maya.close();
  }

  #now(): number {
    return Date.now() + this.#offsetMs;
  }

  async #openBar(): Promise<void> {
    const clock = (): number => this.#now();
    const sdk = openStripe(STRIPE_KEY, this.stripe.config(40));
    const stripe = new StripeProvider({ stripe: sdk, returnUrl: 'http://localhost/', clock });
    this.#maya = await openMaya({
      store: this.#store,
      provider: mortal(stripe, this.#store, this.tally),
      webhook: new StripeWebhook(sdk, WEBHOOK_SECRET),
      log: makeLog('silent'),
      masterKeys: this.#masterKeys,
      knowledge: '/nowhere',
      paymentTimes: TIMES,
      messageLimits: UNLIMITED,
      sessionExpiresAfterMs: 365 * 24 * 3_600_000,
      linkWaitMs: 60,
      turnLeaseMs: LEASE_MS - 1_000,
      drainMs: 1,
      clock,
    });
  }
}

/** What a dead process had asked for is not heard any more, and it asks for nothing. */
function mortal(provider: PaymentProvider, process: KillableStore, tally: Tally): PaymentProvider {
  const never = new Promise<never>(() => undefined);
  return new Proxy(provider, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function' || property === 'close') return value;
      const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
      return async (...args: unknown[]) => {
        if (process.isKilled) return await never;
        const [answered] = await Promise.allSettled([call(...args)]);
        if (process.isKilled) return await never;
        if (answered.status === 'rejected') throw answered.reason;
        if (property === 'find' && answered.value !== undefined) tally.recovered += 1;
        return answered.value;
      };
    },
  });
}
