import { randomUUID } from 'node:crypto';

/**
 * A new UUID of version 7: the time in ms, then 74 random bits. Ids of the same time are neighbours in an index, so that a batch of commits dirties a page of it
 * and not one for each commit.
 */
export function newCommitId(): string {
  const now = Date.now();
  if (now !== prefixed.at) prefixed = { at: now, prefix: prefixOf(now) };
  return prefixed.prefix + randomUUID().slice(15);
}

function prefixOf(now: number): string {
  const time = now.toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7`;
}

/** Many ids are made within a millisecond. */
let prefixed = { at: 0, prefix: prefixOf(0) };
