import { randomBytes } from 'node:crypto';

/** How long a Checkout session is open unless it says otherwise. */
const OPEN_FOR_SECONDS = 24 * 3_600;

/** A Checkout session as far as the bar can see it. */
export interface CheckoutSession {
  readonly id: string;
  readonly object: 'checkout.session';
  readonly client_reference_id: string | null;
  readonly amount_total: number;
  readonly currency: string;
  readonly created: number;
  readonly expires_at: number;
  readonly livemode: false;
  readonly mode: 'payment';
  readonly success_url: string;
  readonly status: 'open' | 'complete' | 'expired';
  readonly payment_status: 'paid' | 'unpaid';
  readonly url: string | null;
  /** What the page shows. */
  readonly description: string;
}

export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly created: number;
  readonly livemode: false;
  readonly data: { readonly object: object };
}

/** The books of a Stripe account in test mode: its sessions, what was charged on them, and the events that tell of it. */
export class StripeAccount {
  /** In the order in which they were made. */
  readonly sessions: CheckoutSession[] = [];
  /** Every charge of a card that went through. */
  readonly charges: { readonly session: string; readonly reference: string | null; readonly amount: number }[] = [];
  readonly events: StripeEvent[] = [];
  /** Epoch ms. */
  now: () => number = Date.now;

  make(params: URLSearchParams, origin: string): CheckoutSession {
    const id = `cs_test_${randomBytes(12).toString('hex')}`;
    const created = this.#seconds();
    const session: CheckoutSession = {
      id,
      object: 'checkout.session',
      client_reference_id: params.get('client_reference_id'),
      amount_total: Number(params.get('line_items[0][price_data][unit_amount]')) * Number(params.get('line_items[0][quantity]')),
      currency: params.get('line_items[0][price_data][currency]') ?? '',
      created,
      expires_at: created + OPEN_FOR_SECONDS,
      livemode: false,
      mode: 'payment',
      success_url: params.get('success_url') ?? '',
      status: 'open',
      payment_status: 'unpaid',
      url: `${origin}/c/pay/${id}`,
      description: params.get('line_items[0][price_data][product_data][name]') ?? '',
    };
    this.sessions.push(session);
    return session;
  }

  find(id: string): CheckoutSession | undefined {
    const session = this.sessions.find((each) => each.id === id);
    return session?.status === 'open' && session.expires_at <= this.#seconds() ? this.#end(session, { status: 'expired' }) : session;
  }

  /** What the guest does on the session's page. A declined card leaves it open, for another card. */
  answer(id: string, card: 'good' | 'declined'): CheckoutSession | undefined {
    const session = this.find(id);
    if (session?.status !== 'open') return session;
    if (card === 'declined') {
      this.#tell('payment_intent.payment_failed', { object: 'payment_intent', last_payment_error: { code: 'card_declined' } });
      return session;
    }
    this.charges.push({ session: id, reference: session.client_reference_id, amount: session.amount_total });
    return this.#end(session, { status: 'complete', payment_status: 'paid' });
  }

  /** Deactivates an open session; false when it is not open. */
  expire(id: string): CheckoutSession | false {
    const session = this.find(id);
    return session?.status === 'open' ? this.#end(session, { status: 'expired' }) : false;
  }

  #end(session: CheckoutSession, end: Pick<CheckoutSession, 'status'> & Partial<CheckoutSession>): CheckoutSession {
    const ended = { ...session, url: null, ...end };
    this.sessions[this.sessions.indexOf(session)] = ended;
    this.#tell(`checkout.session.${end.status === 'complete' ? 'completed' : 'expired'}`, ended);
    return ended;
  }

  #tell(type: string, object: object): void {
    const id = `evt_${randomBytes(8).toString('hex')}`;
    this.events.push({ id, object: 'event', type, created: this.#seconds(), livemode: false, data: { object } });
  }

  #seconds(): number {
    return Math.floor(this.now() / 1_000);
  }
}
