import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** How a snapshot's JSON is stored. */
export type Codec = 'json' | 'zstd';

/** Below this many characters compression saves less than it costs; measured in docs/performance.md. */
const COMPRESS_FROM = 16_384;

export interface EncodedSnapshot {
  readonly codec: Codec;
  readonly body: Uint8Array;
}

/** Bytes of a snapshot's JSON, compressed with zstd level 1 where that pays. */
export function encodeSnapshot(json: string): EncodedSnapshot {
  const plain = Buffer.from(json);
  if (json.length < COMPRESS_FROM) return { codec: 'json', body: plain };
  return { codec: 'zstd', body: zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }) };
}

/** The JSON that was encoded. Throws on bytes that are no such encoding; callers verify the checksum first. */
export function decodeSnapshot(codec: Codec, body: Uint8Array): string {
  return (codec === 'zstd' ? zstdDecompressSync(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength)).toString();
}
