import type { IdempotencyRecord } from './commit.ts';

/** The body of the item that an idempotency record is kept as. */
export function encodeIdempotency({ inputHash, body }: IdempotencyRecord): string {
  return JSON.stringify({ inputHash, body });
}

/** The two fields of the record. Throws on what is no such body; stores verify the item's checksum first. */
export function decodeIdempotency(itemBody: string): { readonly inputHash: string; readonly body: string } {
  return JSON.parse(itemBody) as { inputHash: string; body: string };
}
