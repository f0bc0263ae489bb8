import { createCipheriv, createDecipheriv, createHmac, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import type { Envelope } from './envelope.ts';

/** Seals the secrets of one subject. */
export interface DataKey {
  readonly kid: string;
  readonly sealing: KeyObject;
  readonly printing: KeyObject;
}

/** What a sealed secret is bound to besides its path pattern: in another place it does not open. */
export interface Binding {
  readonly subject: string;
  readonly state: string;
}

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

export function dataKey(kid: string, bytes: Uint8Array): DataKey {
  const derived = (purpose: string): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', bytes, '', `holdfast ${purpose}`, 32)));
  return { kid, sealing: derived('seal'), printing: derived('fingerprint') };
}

export function seal(key: DataKey, binding: Binding, at: string, plain: string): Envelope {
  const fp = createHmac('sha256', key.printing).update(plain).digest('hex').slice(0, 8);
  const head = { $secret: 1, kid: key.kid, at, fp } as const;
  return { ...head, ...encrypt(key.sealing, bound(binding, head), Buffer.from(plain)) };
}

/** Throws when the key is not that of the envelope, or when the envelope was changed or sealed for another place. */
export function open(key: DataKey, binding: Binding, envelope: Envelope): string {
  return decrypt(key.sealing, bound(binding, envelope), envelope).toString();
}

/** Encrypts under a random 96-bit iv and authenticates `bindings` with it. */
export function encrypt(key: KeyObject, bindings: readonly unknown[], plain: Uint8Array): { iv: string; data: string } {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(JSON.stringify(bindings)));
  const data = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { iv: iv.toString('base64url'), data: data.toString('base64url') };
}

/** Throws when anything of it is not as it was encrypted. */
export function decrypt(key: KeyObject, bindings: readonly unknown[], sealed: { readonly iv: string; readonly data: string }): Buffer {
  const data = Buffer.from(sealed.data, 'base64url');
  const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(sealed.iv, 'base64url'), { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(JSON.stringify(bindings)))
    .setAuthTag(data.subarray(-TAG_BYTES));
  return Buffer.concat([decipher.update(data.subarray(0, -TAG_BYTES)), decipher.final()]);
}

function bound({ subject, state }: Binding, { $secret, kid, at, fp }: Omit<Envelope, 'iv' | 'data'>): readonly unknown[] {
  return ['holdfast secret', $secret, subject, state, at, kid, fp];
}
