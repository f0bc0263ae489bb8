/** What was answered to a request, to be answered again. */
export interface StripeAnswer {
  readonly status: number;
  readonly body: object;
}

interface Entry {
  readonly params: string;
  /** undefined while the request is under way. */
  answer: StripeAnswer | undefined;
}

/**
 * Stripe's table of idempotency keys: the first request under a key is carried out, and its answer kept whatever it is; repeats get that, a repeat during
 * it 409, and one with other parameters 400. What was refused before it began is not kept.
 */
export class IdempotencyTable {
  readonly #entries = new Map<string, Entry>();

  /** The answer to a repeat; undefined for a first request, which is under way from now on. */
  begin(key: string, params: string): { readonly answer: StripeAnswer; readonly isReplay: boolean } | undefined {
    const entry = this.#entries.get(key);
    if (!entry) {
      this.#entries.set(key, { params, answer: undefined });
      return undefined;
    }
    if (entry.params !== params)
      return refused(400, {
        type: 'idempotency_error',
        message: 'Keys for idempotent requests can only be used with the same parameters.',
      });
    if (!entry.answer)
      return refused(409, {
        type: 'invalid_request_error',
        code: 'idempotency_key_in_use',
        message: 'Another request with this key is under way.',
      });
    return { answer: entry.answer, isReplay: true };
  }

  end(key: string, answer: StripeAnswer): void {
    const entry = this.#entries.get(key);
    if (entry) entry.answer = answer;
  }

  forget(key: string): void {
    this.#entries.delete(key);
  }
}

function refused(status: number, error: object): { readonly answer: StripeAnswer; readonly isReplay: boolean } {
  return { answer: { status, body: { error } }, isReplay: false };
}
