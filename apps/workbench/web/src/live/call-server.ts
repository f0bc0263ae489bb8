import type { Call } from '../../../client/actions.ts';

/** A call is given up after this time. */
const TIMEOUT_MS = 60_000;
const NOT_REACHED = 'The Workbench cannot be reached, so that was not done. Is `holdfast-workbench web` still running?';

/** Runs a method on the server. Rejects with a sentence for a person. */
export async function callServer(call: Call): Promise<unknown> {
  const { result } = (await post('/api/call', call)) as { readonly result: unknown };
  return result;
}

/** Has every source read again; what is new comes by the live stream. */
export async function refreshServer(): Promise<void> {
  await post('/api/refresh', {});
}

async function post(path: string, body: unknown): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new Error(NOT_REACHED);
  }
  const answer = (await response.json().catch(() => null)) as { readonly message?: unknown } | null;
  if (response.ok && answer !== null) return answer;
  throw new Error(typeof answer?.message === 'string' ? answer.message : NOT_REACHED);
}
