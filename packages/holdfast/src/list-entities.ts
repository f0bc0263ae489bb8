import { HoldfastError } from './errors/index.ts';
import type { EntityAddress, Scope } from './scope/index.ts';
import type { Store } from './store/index.ts';

export interface ListOptions {
  readonly scope: Scope;
  readonly prefix?: string;
  /** The id behind which to begin. */
  readonly after?: string;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
}

export interface ChildrenOptions {
  /** Only those of one scope. */
  readonly scope?: Scope;
  /** The child behind which to begin: the last one of the page before. */
  readonly after?: EntityAddress;
  /** 1 to 1,000; default 100. */
  readonly limit?: number;
}

export interface ListedEntity extends EntityAddress {
  /** Epoch ms; absent when it does not expire. */
  readonly expiresAt?: number;
}

/** A page of entities. @throws {HoldfastError} INVALID_ARGUMENT when the limit does not fit. */
export async function listEntities(
  store: Store,
  options: ChildrenOptions & { readonly prefix?: string; readonly parent?: number },
): Promise<readonly ListedEntity[]> {
  const { scope, prefix, parent, after, limit = 100 } = options;
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > 1_000)
    throw new HoldfastError('INVALID_ARGUMENT', `limit must be a whole number from 1 to 1,000, not ${limit}.`, { argument: 'limit' });
  const filter = {
    ...(scope !== undefined && { scope }),
    ...(prefix !== undefined && { idPrefix: prefix }),
    ...(parent !== undefined && { parent }),
  };
  const page = await store.entities(filter, after, limit);
  return page.map((found) => ({
    scope: found.scope as Scope,
    id: found.id,
    ...(found.expiresAt !== undefined && { expiresAt: found.expiresAt }),
  }));
}
