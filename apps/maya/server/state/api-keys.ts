import { defineState, Secret } from 'holdfast';
import { z } from 'zod';

const KeySchema = z.instanceof(Secret).nullable();

const ApiKeysSchema = z.strictObject({
  gemini: KeySchema,
  cartesia: KeySchema,
  /** Each key that stands here was accepted by its service when it was given. */
  validated: z.boolean(),
});

export type ApiKeys = z.infer<typeof ApiKeysSchema>;

/** The guest's own keys, encrypted wherever they are stored. */
export const apiKeysState = defineState({
  name: 'apiKeys',
  scope: 'conversation',
  schema: ApiKeysSchema,
  initial: { gemini: null, cartesia: null, validated: false },
  secrets: ['gemini', 'cartesia'],
  invariants: {
    onlyValidatedKeys: (now) =>
      now.validated === (now.gemini !== null || now.cartesia !== null) || 'keys are stored once they are validated',
  },
});
