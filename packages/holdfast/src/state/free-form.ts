import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Json } from '../cow/index.ts';

/** Any JSON object. What is under a key is found out by looking: `typeof`, `Array.isArray`. */
export type FreeForm = { readonly [key: string]: Json };

/** Accepts any JSON object: for states that have no schema yet. Costs nothing, since a state is checked to be JSON anyway. */
export const freeForm: StandardSchemaV1<unknown, FreeForm> = {
  '~standard': {
    version: 1,
    vendor: 'holdfast',
    validate: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? { value: value as FreeForm }
        : { issues: [{ message: 'an object belongs here' }] },
  },
};
