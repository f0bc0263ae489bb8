/** What is wrong when a service did not do what it was asked to do. */
export type ProviderFault = 'quota' | 'auth' | 'network' | 'service' | 'unknown';

/** What a refusal says of itself, as far as it does. */
interface Refused {
  /** HTTP's. */
  readonly status: number | undefined;
  /** Google's error type, such as RESOURCE_EXHAUSTED. */
  readonly type: string | undefined;
  /** The reasons in its details, such as API_KEY_INVALID. */
  readonly reasons: readonly string[];
}

const KEY_REASONS = new Set(['API_KEY_INVALID', 'API_KEY_SERVICE_BLOCKED', 'API_KEY_HTTP_REFERRER_BLOCKED', 'API_KEY_IP_ADDRESS_BLOCKED']);
const CONNECTION_CODE = /^(?:E[A-Z]{3,}|UND_ERR_\w+)$/;
const LONGEST_CAUSE_CHAIN = 5;

/** Tells faults apart by status and type; what the message says is never looked at. */
export function providerFaultOf(error: unknown): ProviderFault {
  const { status, type, reasons } = readRefusal(error);
  if (status === 429 || type === 'RESOURCE_EXHAUSTED') return 'quota';
  if (status === 401 || status === 403 || type === 'UNAUTHENTICATED' || type === 'PERMISSION_DENIED') return 'auth';
  if (reasons.some((reason) => KEY_REASONS.has(reason))) return 'auth';
  if (status === 408 || status === 504 || type === 'DEADLINE_EXCEEDED' || isConnectionError(error)) return 'network';
  if ((status !== undefined && status >= 500) || type === 'UNAVAILABLE' || type === 'INTERNAL') return 'service';
  return 'unknown';
}

/** Understands the SDKs' errors and the body of Google's error answers, `{ error: { code, status, details } }`. */
function readRefusal(error: unknown): Refused {
  const outer = fields(error);
  const data = fields(outer['data']);
  const body = fields(data['error'] ?? outer['error'] ?? outer['data']);
  const details = Array.isArray(body['details']) ? (body['details'] as readonly unknown[]) : [];
  return {
    status: numberOf(outer['statusCode']) ?? numberOf(outer['status']) ?? numberOf(body['code']),
    type: textOf(body['status']) ?? textOf(outer['type']),
    reasons: details.flatMap((detail) => textOf(fields(detail)['reason']) ?? []),
  };
}

/** Whether the service was not reached, or went away in mid-answer. */
function isConnectionError(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < LONGEST_CAUSE_CHAIN && current !== undefined && current !== null; depth++) {
    const { name, code, cause } = fields(current);
    if (name === 'TimeoutError' || name === 'ConnectionLost' || (typeof code === 'string' && CONNECTION_CODE.test(code))) return true;
    current = cause;
  }
  return false;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
