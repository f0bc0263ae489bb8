import { randomUUID } from 'node:crypto';
import { isHoldfastError, type Json } from 'holdfast';
import type { Logger } from 'pino';
import { RequestRefusal } from '../http/contract-errors.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';

type ErrorCode = RefusalCode | 'AT_CAPACITY' | 'CONFLICT' | 'INTERNAL';

/** What a client of the MCP server is answered with, as structured content and as text. */
export type McpAnswer = { readonly status: 'ok'; readonly result: Json } | McpErrorAnswer;

export interface McpErrorAnswer {
  readonly status: 'error';
  readonly error: ErrorCode;
  /** A sentence for the guest. */
  readonly message: string;
  /** What the client should do. */
  readonly hint: string;
  readonly retryAfterSeconds?: number;
  /** The outcome of a charge is not known, and that is what stands in the way. */
  readonly needsReconciliation?: true;
  /** To be found in the server's log. */
  readonly errorId?: string;
}

const HINTS: Readonly<Record<ErrorCode, string>> = {
  INSUFFICIENT_FUNDS: 'Nothing was ordered. Order less, or take something back with clear_order; get_balance says what is left.',
  STRIPE_UNAVAILABLE: 'Nothing was charged and the tab is open. Call pay_bill again in a moment.',
  PAYMENT_FAILED: 'Nothing was charged. Read get_bill and check_payment_status before you try something else.',
  CONCURRENT_MODIFICATION: 'Nothing was changed. Read get_order and get_bill, ask the guest, and call again with a new call_id.',
  NETWORK_ERROR: 'Ask check_payment_status in a moment; what was under way may still be open.',
  RATE_LIMITED: 'Wait for retryAfterSeconds, then make the same call again; this one did not count and did nothing.',
  INVALID_SESSION: 'Call open_session, and pass the handle that it gives, exactly as it is, as session with every call.',
  ITEM_NOT_FOUND: 'Nothing was changed. get_menu lists the drinks and modifiers by name, and tools/list what each tool takes.',
  PAYMENT_TIMEOUT:
    'The payment is not lost and cannot be charged twice. Have the guest confirm it by its link, and ask check_payment_status later.',
  INVALID_TIP_PERCENTAGE: 'Nothing was changed. Pass 10, 15 or 20, or null for no tip; add_tip takes an amount such as 2.50 too.',
  INVALID_QUANTITY: 'Nothing was ordered. Pass a whole number from 1 to 20, and call once more for more than that.',
  AT_CAPACITY: 'The bar is full. Wait for retryAfterSeconds, then call open_session again.',
  CONFLICT: 'Nothing was done. Repeats of a call need the same input; another call needs another call_id, or none.',
  INTERNAL: 'Read get_order and get_bill to see what was done before you call again; the server’s log has the errorId.',
};

export function errorAnswer(error: ErrorCode, message: string, more: Partial<McpErrorAnswer> = {}): McpErrorAnswer {
  return { status: 'error', error, message, hint: HINTS[error], ...more };
}

/** What a call that threw is answered with; a fault of the bar is logged. */
export function answerFault(log: Logger, tool: string, error: unknown): McpErrorAnswer {
  if (error instanceof Refusal)
    return errorAnswer(error.code, error.message, error.needsReconciliation ? { needsReconciliation: true } : {});
  if (error instanceof RequestRefusal && isErrorCode(error.code)) {
    const { retryAfterMs } = error.details;
    return errorAnswer(error.code, error.message, retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1_000) });
  }
  if (isHoldfastError(error, 'IDEMPOTENCY_MISMATCH')) return errorAnswer('CONFLICT', 'There was another call under this call_id.');
  if (isHoldfastError(error, 'NOT_FOUND')) return errorAnswer('INVALID_SESSION', 'The session has just ended.');
  const errorId = randomUUID();
  log.error({ err: error, errorId, tool }, 'a call by MCP failed');
  return errorAnswer('INTERNAL', 'Sorry, something went wrong on my side.', { errorId });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(HINTS, code);
}
