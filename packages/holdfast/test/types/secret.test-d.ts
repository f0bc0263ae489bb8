import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { defineState, Secret, type secretSchema, type Draft, type StateManager } from 'holdfast';

const Config = defineState({
  name: 'config',
  scope: 'team',
  schema: z.strictObject({
    key: z.instanceof(Secret).nullable(),
    providers: z.record(z.string(), z.strictObject({ key: z.instanceof(Secret) }).readonly()),
  }),
  initial: { key: null, providers: {} },
  secrets: ['key', 'providers.*.key'],
});
declare const state: StateManager;

describe('a secret', () => {
  it('is a secret in a draft too', () => {
    expectTypeOf<Draft<{ readonly key: Secret | null }>>().toEqualTypeOf<{ key: Secret | null }>();
    expectTypeOf<Draft<{ readonly list: readonly Secret[] }>>().toEqualTypeOf<{ list: Secret[] }>();
  });

  it('is revealed from a handle, and set in a recipe', async () => {
    const config = await state.team('bar').get(Config);
    expectTypeOf(config.current.key?.reveal()).toEqualTypeOf<string | undefined>();
    void config.update((draft) => {
      draft.key = Secret.of('k');
      draft.providers['a'] = { key: Secret.of('a') };
      // @ts-expect-error A plain text is no secret.
      draft.key = 'k';
      // @ts-expect-error Neither is what looks like one.
      draft.key = { fingerprint: 'a1b2c3d4', reveal: () => 'k' };
    });
  });

  it('is made by Secret.of, and its text cannot be set', () => {
    // @ts-expect-error There is nothing to pass.
    void new Secret('k');
    // @ts-expect-error It is read only.
    Secret.of('k').fingerprint = 'x';
  });

  it('is what its schema gives out', () => {
    expectTypeOf<NonNullable<(typeof secretSchema)['~standard']['types']>['output']>().toEqualTypeOf<Secret>();
  });
});
