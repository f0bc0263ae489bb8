import { createHash, createSecretKey, randomBytes, scrypt, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { HoldfastError } from '../errors/index.ts';

/** Wraps the data keys. */
export interface MasterKey {
  /** Kept beside every data key that it wraps; must not give the key away. */
  readonly id: string;
  /** 32 bytes: `createSecretKey(bytes)`. */
  readonly key: KeyObject;
}

/** Where master keys come from: a file, the environment, a key management service. */
export interface KeyProvider {
  /** The key that new data keys are wrapped with, and all of them after `rotateKeys`. */
  current(): Promise<MasterKey>;
  /** An older or the current key; undefined when it is not to be had. */
  byId(id: string): Promise<MasterKey | undefined>;
}

export const MASTER_KEY_BYTES = 32;

const RAW_KEY = /^[\w+/-]{43}=?$/;
const MIN_PASSPHRASE = 16;
const SALT_BYTES = 16;
/** 128 MB and about half a second a derivation. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 2 ** 28 } as const;

const derive = promisify<string, Buffer, number, typeof SCRYPT, Buffer>(scrypt);

/** A key under an id that is its own checksum. */
export function masterKey(bytes: Uint8Array, prefix = ''): MasterKey {
  const digest = createHash('sha256').update('holdfast master key').update(bytes).digest('base64url').slice(0, 16);
  return { id: prefix + digest, key: createSecretKey(bytes) };
}

/**
 * Master keys from environment variables: 32 bytes in base64 (`openssl rand -base64 32`), or a passphrase of 16 characters or more, which is put
 * through scrypt with a random salt that the key's id keeps. The first variable is current; the others are tried for data keys that it did not wrap,
 * so that a key can be rotated. Variables are read when a key is needed.
 * @throws {HoldfastError} INVALID_ARGUMENT from the provider when the first variable is missing or too short.
 */
export function keyFromEnvironment(name: string, ...formerNames: readonly string[]): KeyProvider {
  const salt = randomBytes(SALT_BYTES).toString('base64url');
  const derived = new Map<string, Promise<MasterKey>>();

  const keyOf = (text: string, saltOfId: string): Promise<MasterKey> => {
    if (RAW_KEY.test(text)) return Promise.resolve(masterKey(Buffer.from(text, 'base64')));
    const id = createHash('sha256').update(`${saltOfId}.${text}`).digest('base64url');
    const key =
      derived.get(id) ??
      derive(text, Buffer.from(saltOfId, 'base64url'), MASTER_KEY_BYTES, SCRYPT).then((bytes) => masterKey(bytes, `${saltOfId}.`));
    derived.set(id, key);
    return key;
  };
  return {
    current: async () => {
      const text = process.env[name] ?? '';
      if (text.length >= MIN_PASSPHRASE) return await keyOf(text, salt);
      const problem = text === '' ? 'is not set' : `is shorter than ${MIN_PASSPHRASE} characters`;
      throw new HoldfastError('INVALID_ARGUMENT', `The environment variable ${name} ${problem}; give it 32 random bytes in base64.`, {
        argument: 'keys',
      });
    },
    byId: async (id) => {
      const [saltOfId] = id.includes('.') ? id.split('.') : [undefined];
      for (const each of [name, ...formerNames]) {
        const text = process.env[each];
        if (!text || (saltOfId === undefined) !== RAW_KEY.test(text)) continue;
        const key = await keyOf(text, saltOfId ?? salt);
        if (key.id === id) return key;
      }
      return undefined;
    },
  };
}
