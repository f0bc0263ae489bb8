import { ServiceError } from './service-error.ts';

const TIMEOUT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

export interface FetchTextOptions {
  /** As a person calls it, for messages: addresses may hold secrets. */
  readonly service: string;
  readonly init?: RequestInit;
  /** More than that is refused. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * What is at an address, as text. Redirections are not followed where something is sent, so that no token goes where it was not meant to.
 * @throws {ServiceError} for whatever is not an answer with a status from 200 to 299.
 */
export async function fetchText(url: string | URL, { service, init = {}, maxBytes, signal }: FetchTextOptions): Promise<string> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    const redirect = init.headers === undefined ? 'follow' : 'error';
    const response = await fetch(url, { redirect, ...init, signal: limited });
    if (!response.ok) {
      await response.body?.cancel();
      throw refusal(service, response);
    }
    return await boundedText(service, response, maxBytes);
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    signal.throwIfAborted();
    const why = limited.aborted ? `did not answer within ${TIMEOUT_MS / 1_000} seconds` : 'cannot be reached';
    throw new ServiceError('away', `${service} ${why}.`, { cause: error });
  }
}

async function boundedText(service: string, response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw new ServiceError('unexpected', `${service} answered more than ${maxBytes} bytes, which is not read.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function refusal(service: string, { status, headers }: Response): ServiceError {
  const wait = retryAfterMs(headers.get('retry-after'));
  const later = wait === undefined ? {} : { retryAfterMs: wait };
  if (status === 401 || status === 403)
    return new ServiceError('refused', `${service} does not accept the credentials (${status}): check them in the configuration.`);
  if (status === 429) return new ServiceError('busy', `${service} was asked too often (429).`, later);
  if (status >= 500) return new ServiceError('away', `${service} has a fault of its own (${status}).`, later);
  return new ServiceError('unexpected', `${service} answered ${status}: check its address and what is asked of it.`);
}

/** Seconds or a date, as HTTP has it; at most an hour. */
export function retryAfterMs(header: string | null): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}
