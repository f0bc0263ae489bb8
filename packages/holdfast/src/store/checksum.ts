import { crc32 } from 'node:zlib';

/**
 * Checksum of a record: CRC-32 over its key fields and its body. Finds every change of up to 32 neighbouring bits; it guards
 * against damage, not against an attacker. Fields that are joined by U+001F already cost less.
 */
export function checksum(key: string | readonly (string | number | null | undefined)[], body: string | Uint8Array): number {
  return crc32(body, crc32(typeof key === 'string' ? key : key.join('\u001F')));
}
