import { HoldfastError } from '../errors/index.ts';
import type { Commit } from './commit.ts';
import { assertName } from './text.ts';

/** About 30,000 years: the sum with any clock stays an exact integer. */
const MAX_TTL_MS = 1e15;

/**
 * Refuses what a store could not give back unchanged, before anything is written: names with a NUL or half a surrogate pair, bodies
 * with half a surrogate pair (`JSON.stringify` never makes them), lifetimes that are no number.
 * @throws {HoldfastError} INVALID_ID, INVALID_ARGUMENT.
 */
export function assertStorable(batch: readonly Commit[]): void {
  for (const commit of batch) {
    for (const creation of commit.creates) {
      assertName('scope', creation.scope);
      assertName('entity id', creation.id);
      if (creation.subject !== undefined) assertName('subject', creation.subject);
      assertTtl(creation.ttlMs);
    }
    for (const { scope, id } of commit.absent) {
      assertName('scope', scope);
      assertName('entity id', id);
    }
    for (const { state, body } of commit.changes) {
      assertName('state', state);
      assertBody(body);
    }
    for (const { collection, key, body, ttlMs } of commit.puts) {
      assertName('collection', collection);
      assertName('key', key);
      assertBody(body);
      assertTtl(ttlMs);
    }
    for (const { ttlMs } of commit.touch) assertTtl(ttlMs);
    for (const { state } of commit.expects) assertName('state', state);
    for (const { collection, key } of [...commit.requires, ...commit.deletes]) {
      assertName('collection', collection);
      assertName('key', key);
    }
    if (commit.idempotency) {
      assertName('idempotency key', commit.idempotency.key);
      assertBody(commit.idempotency.body);
      assertTtl(commit.idempotency.ttlMs);
    }
  }
}

function assertBody(body: string): void {
  if (!body.isWellFormed())
    throw new HoldfastError('INVALID_ARGUMENT', 'A body holds half a surrogate pair, which is no JSON text.', { argument: 'body' });
}

function assertTtl(ttlMs: number | null | undefined): void {
  if (typeof ttlMs === 'number' && !(Math.abs(ttlMs) <= MAX_TTL_MS)) {
    throw new HoldfastError('INVALID_ARGUMENT', `A lifetime must be a number of milliseconds up to ${MAX_TTL_MS}, not ${ttlMs}.`, {
      argument: 'ttlMs',
    });
  }
}
