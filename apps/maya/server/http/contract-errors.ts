import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Logger } from 'pino';
import { Refusal, type RefusalCode } from '../refusal.ts';
import type { ErrorAnswer } from './contract.ts';

export interface RefusalDetails {
  /** Of the key form. */
  readonly field?: NonNullable<ErrorAnswer['field']>;
  /** When to come again: the header Retry-After. */
  readonly retryAfterMs?: number;
}

/** A request that is refused before anything was done. */
export class RequestRefusal extends Error {
  override readonly name = 'RequestRefusal';
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly details: RefusalDetails;

  constructor(status: ContentfulStatusCode, code: string, message: string, details: RefusalDetails = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.details = details;
  }
}

const STATUS: Readonly<Record<RefusalCode, ContentfulStatusCode>> = {
  INSUFFICIENT_FUNDS: 409,
  STRIPE_UNAVAILABLE: 503,
  PAYMENT_FAILED: 409,
  CONCURRENT_MODIFICATION: 409,
  NETWORK_ERROR: 502,
  RATE_LIMITED: 429,
  INVALID_SESSION: 401,
  ITEM_NOT_FOUND: 400,
  PAYMENT_TIMEOUT: 504,
  INVALID_TIP_PERCENTAGE: 400,
  INVALID_QUANTITY: 400,
};

/** Answers what a route threw: refusals as they are, anything else as a friendly sentence with an id that the log has too. */
export function answerError(log: Logger): (error: unknown, c: Context) => Response {
  return (error, c) => {
    // What is left of a body that is too long is not read, so nothing can follow it on the connection.
    if (error instanceof RequestRefusal && error.status === 413) c.header('Connection', 'close');
    if (error instanceof RequestRefusal) {
      const { field, retryAfterMs } = error.details;
      if (retryAfterMs !== undefined) c.header('Retry-After', String(Math.ceil(retryAfterMs / 1_000)));
      return c.json<ErrorAnswer>({ error: error.code, message: error.message, ...(field && { field }) }, error.status);
    }
    if (error instanceof Refusal) {
      const { code, message, needsReconciliation } = error;
      return c.json<ErrorAnswer>({ error: code, message, ...(needsReconciliation && { needsReconciliation }) }, STATUS[code]);
    }
    const errorId = randomUUID();
    log.error({ err: error, errorId, method: c.req.method, path: c.req.path }, 'a request failed');
    return c.json<ErrorAnswer>({ error: 'INTERNAL', message: 'Sorry, something went wrong on my side. Please try again.', errorId }, 500);
  };
}
