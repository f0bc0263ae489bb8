import { defineState, Secret } from 'holdfast';
import { z } from 'zod';
import { fillMissing } from './missing-fields.ts';

const KeySchema = z.instanceof(Secret).nullable();

const ApiKeysSchema = z.strictObject({
  gemini: KeySchema,
  cartesia: KeySchema,
  /** Each key that stands here was accepted by its service when it was given. */
  validated: z.boolean(),
});

export type ApiKeys = z.infer<typeof ApiKeysSchema>;

const initial: ApiKeys = { gemini: null, cartesia: null, validated: false };

/** The guest's own keys, encrypted wherever they are stored. */
export const apiKeysState = defineState({
  name: 'apiKeys',
  scope: 'conversation',
  version: 2,
  schema: ApiKeysSchema,
  initial,
  migrations: { 2: fillMissing(initial) },
  secrets: ['gemini', 'cartesia'],
  invariants: {
    onlyValidatedKeys: (now) =>
      now.validated === (now.gemini !== null || now.cartesia !== null) || 'keys are stored once they are validated',
  },
});
