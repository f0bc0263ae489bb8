import Cartesia from '@cartesia/cartesia-js';
import { providerFaultOf, type ProviderFault } from '../models/provider-fault.ts';
import { KeyFault, type KeyFaultKind, type KeyName } from './key-fault.ts';

/** Asks a service whether it takes a key, by its cheapest call. @throws {KeyFault} when it does not, or cannot say. */
export type KeyCheck = (apiKey: string, signal: AbortSignal) => Promise<void>;

export interface KeyCheckOptions {
  /** Where the service is; without a slash at the end. */
  readonly baseUrl: string;
  /** Default 10,000. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;

const KINDS: Readonly<Record<ProviderFault, KeyFaultKind>> = {
  quota: 'quota',
  auth: 'invalid',
  network: 'network',
  service: 'unknown',
  unknown: 'unknown',
};

/** Lists one model. */
export function geminiKeyCheck({ baseUrl, timeoutMs = TIMEOUT_MS }: KeyCheckOptions): KeyCheck {
  return async (apiKey, signal) => {
    await told('gemini', signal, async () => {
      const response = await fetch(`${baseUrl}/models?pageSize=1`, {
        headers: { 'x-goog-api-key': apiKey },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      const body: unknown = await response.json().catch(() => undefined);
      if (!response.ok) throw Object.assign(new Error('Gemini refused to list a model.'), { statusCode: response.status, data: body });
    });
  };
}

/** Lists one voice. */
export function cartesiaKeyCheck({ baseUrl, timeoutMs = TIMEOUT_MS }: KeyCheckOptions): KeyCheck {
  return async (apiKey, signal) => {
    const client = new Cartesia({ apiKey, baseURL: baseUrl, timeout: timeoutMs, maxRetries: 0, logLevel: 'off' });
    await told('cartesia', signal, async () => void (await client.voices.list({ limit: 1 }, { signal })));
  };
}

async function told(key: KeyName, signal: AbortSignal, ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    signal.throwIfAborted();
    throw new KeyFault(KINDS[providerFaultOf(error)], key, { cause: error });
  }
}
