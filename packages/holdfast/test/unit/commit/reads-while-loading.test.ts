import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Secret } from 'holdfast';
import { testStore } from '../../support/test-store.ts';
import { Config, openVault, testKeys } from '../secret/config.ts';

it('a state that is being loaded because another process wrote it is waited for by whoever gets it', async () => {
  const [store, keys, isLoading, gate] = [testStore(), testKeys(), Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  await using writer = await openVault({ store, keys });
  const load = store.load.bind(store);
  const slow = new Proxy(store, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (property !== 'load') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (...args: Parameters<typeof load>) => {
        isLoading.resolve();
        await gate.promise;
        return await load(...args);
      };
    },
  });
  await using reader = await openVault({ store: slow, keys });
  await reader.team('bar').get(Config);
  await (await writer.team('bar').get(Config)).update((draft) => void (draft.gemini = Secret.of('sesame')));
  await isLoading.promise;
  const read = (async () => (await reader.team('bar').get(Config)).current.gemini?.reveal())();
  await nextLoopTurn();
  gate.resolve();
  expect(await read).toBe('sesame');
});
