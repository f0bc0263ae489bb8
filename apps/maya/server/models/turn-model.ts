import type { LanguageModel } from 'ai';
import type { JSONObject } from '@ai-sdk/provider';

/** A model that answers turns, with how it is to be asked. */
export interface TurnModel {
  readonly model: LanguageModel;
  readonly sampling: { readonly temperature?: number; readonly topP?: number; readonly maxOutputTokens?: number };
  /** Goes with tool calls in the prompt that the model did not make itself, by provider. */
  readonly foreignCallOptions: Record<string, JSONObject>;
  close(): void;
}

/** A model that needs no key and no closing. */
export function keylessModel(model: LanguageModel): TurnModel {
  return { model, sampling: {}, foreignCallOptions: {}, close: () => undefined };
}
