/** When something that lives `ttlMs` from `now` expires, in whole epoch ms. */
export function expiryAt(now: number, ttlMs: number): number {
  return now + Math.ceil(ttlMs);
}

/** Whether the record's expiry has passed; one without expiry never does. */
export function isExpired(record: { readonly expiresAt?: number | undefined }, now: number): boolean {
  return record.expiresAt !== undefined && record.expiresAt <= now;
}
