import { createSecretKey, randomBytes } from 'node:crypto';
import { defineState, Secret, StateManager, type KeyProvider, type MasterKey, type OpenOptions, type StateDefinition } from 'holdfast';
import { z } from 'zod';
import { testStore } from '../../support/test-store.ts';

/** What the tests of secrets use: a state with secrets in it, and master keys in memory. */

const key = z.instanceof(Secret).nullable();
export const ConfigSchema: z.ZodObject<
  {
    gemini: typeof key;
    providers: z.ZodRecord<z.ZodString, z.ZodObject<{ key: typeof key; model: z.ZodString }, z.core.$strict>>;
    spare: z.ZodArray<z.ZodCustom<Secret, Secret>>;
    note: z.ZodString;
  },
  z.core.$strict
> = z.strictObject({
  gemini: key,
  providers: z.record(z.string(), z.strictObject({ key, model: z.string() })),
  spare: z.array(z.instanceof(Secret)),
  note: z.string(),
});
export type ConfigValue = z.infer<typeof ConfigSchema>;

export const Config: StateDefinition<ConfigValue, 'team', 'config'> = defineState({
  name: 'config',
  scope: 'team',
  schema: ConfigSchema,
  initial: { gemini: null, providers: {}, spare: [], note: '' },
  secrets: ['gemini', 'providers.*.key', 'spare.*'],
});

export interface TestKeys extends KeyProvider {
  /** The first one is current. */
  readonly keys: MasterKey[];
}

export function testKeys(...ids: readonly string[]): TestKeys {
  const keys = (ids.length > 0 ? ids : ['test']).map(newKey);
  return { keys, current: async () => keys[0]!, byId: async (id) => keys.find((each) => each.id === id) };
}

export function newKey(id: string): MasterKey {
  return { id, key: createSecretKey(randomBytes(32)) };
}

export function openVault(options: Partial<OpenOptions> = {}): Promise<StateManager> {
  return StateManager.open({ store: testStore(), keys: testKeys(), ...options });
}
