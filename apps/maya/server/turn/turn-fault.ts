import { randomUUID } from 'node:crypto';
import { isHoldfastError } from 'holdfast';
import type { Logger } from 'pino';
import type { ErrorAnswer } from '../http/contract.ts';
import { providerFaultOf, type ProviderFault } from '../models/provider-fault.ts';
import { ClientNotMade } from '../models/session-clients.ts';
import type { RunningTurn } from './running-turn.ts';

type Told = Pick<ErrorAnswer, 'error' | 'message'>;

const PROVIDER_FAULTS: Readonly<Record<Exclude<ProviderFault, 'unknown'>, Told>> = {
  quota: { error: 'QUOTA_EXCEEDED', message: 'The quota of the Gemini key is used up for now, so I could not answer.' },
  auth: { error: 'KEY_INVALID', message: 'Gemini does not accept the key any more. Please enter it again, or another one.' },
  network: {
    error: 'MODEL_UNREACHABLE',
    message: 'The connection to Gemini broke off. What is on your tab stands as shown; please try again.',
  },
  service: {
    error: 'MODEL_FAILED',
    message: 'Gemini has a problem of its own right now. What is on your tab stands as shown; please try again.',
  },
};

/** What the guest is told of a fault; the rest is in the log under the same id. */
export function tellFault(log: Logger, turn: RunningTurn, error: unknown): ErrorAnswer {
  const errorId = randomUUID();
  log.error({ err: loggable(error), errorId, turn: turn.id, session: turn.session.id.slice(0, 6) }, 'a turn failed');
  return { ...toldOf(turn, error), errorId };
}

function toldOf(turn: RunningTurn, error: unknown): Told {
  if (isHoldfastError(error, 'IDEMPOTENCY_MISMATCH'))
    return { error: 'CONFLICT', message: 'This message was sent before with another text.' };
  if (isHoldfastError(error, 'LEASE_HELD'))
    return { error: 'CONFLICT', message: 'I am still busy with your last message. Please try again in a moment.' };
  if (turn.stopped.aborted || isHoldfastError(error, 'NOT_FOUND'))
    return { error: 'CONFLICT', message: 'This conversation was ended before I could answer.' };
  if (error instanceof ClientNotMade)
    return {
      error: 'MODEL_UNAVAILABLE',
      message: 'I could not get through to Gemini with this key. Please enter it again, or another one.',
    };
  const fault = isHoldfastError(error) ? 'unknown' : providerFaultOf(error);
  return fault === 'unknown'
    ? { error: 'INTERNAL', message: 'Sorry, something went wrong on my side. What is on your tab stands as shown; please try again.' }
    : PROVIDER_FAULTS[fault];
}

/** A provider's error carries the whole conversation, which is nobody's business in a log. */
function loggable(error: unknown): unknown {
  if (typeof error !== 'object' || error === null || !('statusCode' in error || 'requestBodyValues' in error)) return error;
  const { name, message, statusCode, type, stack } = error as Readonly<Record<string, unknown>>;
  return { name, message, statusCode, type, stack };
}
