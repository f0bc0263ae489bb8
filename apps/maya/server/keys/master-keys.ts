import { createSecretKey, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { keyFile, keyFromEnvironment, type KeyProvider } from 'holdfast';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { fileBeside } from '../open-store.ts';

const VARIABLE = 'MAYA_MASTER_KEY';

/**
 * The master key that guests' keys are encrypted under: of MAYA_MASTER_KEY, else of a key file beside the store, which is made when it is first
 * needed; states in memory end with their process, and so does their key. Rejects when there is one that cannot be used.
 */
export async function masterKeysFor({ store, hasMasterKey }: Pick<Config, 'store' | 'hasMasterKey'>, log: Logger): Promise<KeyProvider> {
  if (hasMasterKey) return keyFromEnvironment(VARIABLE);
  const path = fileBeside(store, 'master.key');
  if (path === undefined) return passingKey();
  const provider = keyFile(path);
  if (existsSync(path)) await provider.current();
  let isTold = false;
  return {
    current: async () => {
      if (!isTold)
        log.warn(
          { file: path },
          `${VARIABLE} is not set: keys are encrypted under a key file; keep it away from the backups, and set ${VARIABLE} where several servers share a store`,
        );
      isTold = true;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      return await provider.current();
    },
    byId: (id) => provider.byId(id),
  };
}

/** A random key that nobody else ever has. */
export function passingKey(): KeyProvider {
  const key = { id: 'of-this-process', key: createSecretKey(randomBytes(32)) };
  return { current: () => Promise.resolve(key), byId: (id) => Promise.resolve(id === key.id ? key : undefined) };
}
