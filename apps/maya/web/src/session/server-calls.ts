import type {
  ContinueAnswer,
  ErrorAnswer,
  KeysRequest,
  KeysView,
  SessionAnswer,
  SessionView,
  TipRequest,
} from '../../../server/http/contract.ts';

/** A plain call is given up after this time, twice what a payment link may take; a turn's stream may take longer. */
const CALL_TIMEOUT_MS = 30_000;

/** The server said no, or could not be asked; `answer` is what to tell the customer. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly answer: ErrorAnswer;

  constructor(answer: ErrorAnswer) {
    super(answer.message);
    this.answer = answer;
  }
}

export const NOT_REACHED: ErrorAnswer = { error: 'NETWORK_ERROR', message: "The bar can't be reached right now. Please try again." };

/** The session of this browser, or null before its first message. It does not make one. */
export async function loadSession(): Promise<SessionAnswer> {
  const response = await call('/api/session', { signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
  return (await readJson(response)) as SessionAnswer;
}

export function setTip(percentage: TipRequest['percentage']): Promise<SessionView> {
  return post<SessionView>('/api/tip', { percentage } satisfies TipRequest);
}

export function startPayment(): Promise<SessionView> {
  return post<SessionView>('/api/pay');
}

export function cancelPayment(): Promise<SessionView> {
  return post<SessionView>('/api/pay/cancel');
}

/** Has the keys checked and stored; makes a session when there is none. */
export function giveKeys(form: KeysRequest): Promise<KeysView> {
  return post<KeysView>('/api/keys', form);
}

export async function removeKeys(): Promise<KeysView> {
  return (await readJson(await call('/api/keys', { method: 'DELETE', signal: AbortSignal.timeout(CALL_TIMEOUT_MS) }))) as KeysView;
}

/** A link by which another device comes to this session, once. */
export async function linkDevice(): Promise<string> {
  const { link } = await post<ContinueAnswer>('/api/session/link');
  return new URL(link, location.href).href;
}

/** Ends every answer under way where it is; what was done by then stands. */
export async function stopAnswers(): Promise<void> {
  await call('/api/chat/stop', { method: 'POST', signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
}

export async function resetSession(): Promise<void> {
  await call('/api/reset', { method: 'POST', signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
}

/**
 * Asks the server; anything but a 2xx answer is thrown.
 *
 * @throws {RefusedError} with the server's own words, or in ours when it was not reached or did not answer in the agreed form
 */
export async function call(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (cause) {
    if (init.signal?.aborted && (cause as Error).name === 'AbortError') throw cause; // this page gave up itself
    throw new RefusedError(NOT_REACHED);
  }
  if (response.ok) return response;
  throw new RefusedError(await readRefusal(response));
}

async function post<Answer>(path: string, body?: unknown): Promise<Answer> {
  const init: RequestInit = { method: 'POST', signal: AbortSignal.timeout(CALL_TIMEOUT_MS) };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  return (await readJson(await call(path, init))) as Answer;
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new RefusedError(NOT_REACHED); // cut off half-way, or answered by something that is not the bar
  }
}

async function readRefusal(response: Response): Promise<ErrorAnswer> {
  const body = (await response.json().catch(() => null)) as Partial<ErrorAnswer> | null;
  if (typeof body?.error === 'string' && typeof body.message === 'string') return body as ErrorAnswer;
  return response.status >= 500 ? NOT_REACHED : { error: 'INTERNAL', message: 'Something went wrong at the bar. Please try again.' };
}
