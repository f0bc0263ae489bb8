import { createGoogle } from '@ai-sdk/google';
import type { TurnModel } from './turn-model.ts';

export interface GeminiOptions {
  /** Such as gemini-3.5-flash. */
  readonly modelId: string;
  /** Where the service is; without a slash at the end. */
  readonly baseUrl: string;
}

/** Google's own word for a call that it did not make itself: what ran before the model was asked stands in its prompt as calls. */
const NOT_ITS_OWN_CALL = 'skip_thought_signature_validator';

/** A client of Gemini for one key. Closing it ends its requests. */
export function openGemini(apiKey: string, { modelId, baseUrl }: GeminiOptions): TurnModel {
  const closed = new AbortController();
  const google = createGoogle({
    apiKey,
    baseURL: baseUrl,
    fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.any([closed.signal, ...(init?.signal ? [init.signal] : [])]) }),
  });
  return {
    model: google(modelId),
    sampling: { temperature: modelId.startsWith('gemini-3') ? 1 : 0.7, topP: 0.95, maxOutputTokens: 2_048 },
    foreignCallOptions: { google: { thoughtSignature: NOT_ITS_OWN_CALL } },
    close: () => closed.abort(),
  };
}
