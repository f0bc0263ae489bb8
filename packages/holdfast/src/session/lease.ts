import { setTimeout as sleep } from 'node:timers/promises';
import { UnmetRequirement, writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import { diagnostics, type LeaseMessage } from '../event/index.ts';
import type { EntityAddress } from '../scope/index.ts';
import type { EngineContext, HeldLease } from '../state/index.ts';
import { COLLECTION } from '../store/index.ts';

/** How often a waiting `acquire` looks again when nothing tells it that the lease moved. */
const LOOK_AGAIN_MS = 250;

export interface LeaseOptions {
  /** How long the lease lives without a renewal, by the store's clock. Default 30,000. */
  readonly ttlMs?: number;
  /** Who holds it: shown to those who find it held. */
  readonly holder: string;
  /** How long to wait for another holder. Default 0: LEASE_HELD at once. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * An expiring, fenced lock on an entity. It keeps out only those who ask: what protects the data is passing it to `update` as
 * `{ lease }`, which refuses the commit once the lease is another's.
 */
export class Lease implements HeldLease {
  readonly entity: EntityAddress;
  readonly name: string;
  readonly token: number;
  readonly ttlMs: number;
  readonly #context: EngineContext;
  readonly #cell: EntityCell;
  readonly #holder: string;
  #isHeld = true;

  /** @internal Made by {@link acquireLease}. */
  constructor(context: EngineContext, cell: EntityCell, lease: { name: string; token: number; ttlMs: number; holder: string }) {
    this.entity = { scope: cell.scope, id: cell.id };
    this.name = lease.name;
    this.token = lease.token;
    this.ttlMs = lease.ttlMs;
    this.#holder = lease.holder;
    this.#context = context;
    this.#cell = cell;
  }

  /**
   * Gives the lease its full lifetime again; the token stays.
   * @throws {HoldfastError} STALE_LEASE when it expired or passed on.
   */
  async renew(): Promise<void> {
    try {
      await this.#write((eid) => ({ puts: [{ ...this.#item(eid), body: holderBody(this.#holder), ttlMs: this.ttlMs, keepRev: true }] }));
    } catch (error) {
      if (isHoldfastError(error, 'STALE_LEASE') || isHoldfastError(error, 'NOT_FOUND')) this.#over('lost');
      throw error;
    }
  }

  /** Gives the lease back. One that is not held any more is left alone. */
  async release(): Promise<void> {
    if (!this.#isHeld) return;
    try {
      await this.#write((eid) => ({ deletes: [this.#item(eid)] }));
      this.#over('released');
    } catch (error) {
      if (!isHoldfastError(error, 'STALE_LEASE') && !isHoldfastError(error, 'NOT_FOUND')) throw error;
      this.#over('lost');
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  /** Tells once how it ended. */
  #over(step: 'released' | 'lost'): void {
    if (this.#isHeld) tellLease(this.#context, this.#cell, { lease: this.name, step });
    this.#isHeld = false;
  }

  #item(eid: number): { eid: number; collection: string; key: string } {
    return { eid, collection: COLLECTION.lease, key: this.name };
  }

  async #write(build: Parameters<typeof writeRecords>[2]): Promise<void> {
    try {
      await writeRecords(this.#context.queue, this.#cell, (eid, view) => ({
        durability: 'written',
        requires: [{ ...this.#item(eid), rev: this.token }],
        ...build(eid, view),
      }));
    } catch (error) {
      if (!(error instanceof UnmetRequirement)) throw error;
      const { name } = this.#cell;
      throw new HoldfastError('STALE_LEASE', `The lease ${this.name} of ${name} expired or passed to another holder; acquire it anew.`, {
        entity: name,
        lease: this.name,
      });
    }
  }
}

/**
 * Takes the lease if it is free or expired, waiting for it up to `waitMs`.
 * @throws {HoldfastError} LEASE_HELD, INVALID_ARGUMENT.
 */
export async function acquireLease(context: EngineContext, cell: EntityCell, name: string, options: LeaseOptions): Promise<Lease> {
  const { ttlMs = 30_000, holder, waitMs = 0, signal } = options;
  if (!Number.isFinite(ttlMs) || ttlMs <= 0)
    throw new HoldfastError('INVALID_ARGUMENT', `A lease's ttlMs must be a positive number, not ${ttlMs}.`, { argument: 'ttlMs' });
  const askedAt = context.now();
  const deadline = askedAt + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    context.assertOpen();
    try {
      const token = await writeRecords(context.queue, cell, (eid) => ({
        durability: 'written',
        requires: [{ eid, collection: COLLECTION.lease, key: name, rev: 'absent' }],
        puts: [{ eid, collection: COLLECTION.lease, key: name, body: holderBody(holder), ttlMs }],
      }));
      tellLease(context, cell, { lease: name, step: 'acquired', holder, waitedMs: context.now() - askedAt });
      return new Lease(context, cell, { name, token, ttlMs, holder });
    } catch (error) {
      if (!(error instanceof UnmetRequirement)) throw error;
      const { found } = error;
      if (context.now() >= deadline) {
        tellLease(context, cell, { lease: name, step: 'held', holder: holderOf(found), waitedMs: context.now() - askedAt });
        throw held(cell, name, found);
      }
      await changeOrTimeout(context, Math.min(LOOK_AGAIN_MS, deadline - context.now()), signal);
    }
  }
}

/** Who has a lease now. */
export interface LeaseHolder {
  /** As it was given to `lease`. */
  readonly holder: string;
  /** When it expires unless it is renewed; epoch ms of the store's clock. */
  readonly expiresAt: number;
}

/** Undefined when nobody holds the lease, by the store's clock. */
export async function findLeaseHolder({ store }: EngineContext, eid: number, name: string): Promise<LeaseHolder | undefined> {
  const item = await store.item(eid, COLLECTION.lease, name);
  const expiresAt = item?.expiresAt ?? 0;
  return item && expiresAt > (await store.now()) ? { holder: holderOf(item), expiresAt } : undefined;
}

function held(cell: EntityCell, name: string, found: UnmetRequirement['found']): HoldfastError {
  const holder = holderOf(found);
  const data = { entity: cell.name, lease: name, holder, expiresAt: found?.expiresAt ?? 0 };
  return new HoldfastError('LEASE_HELD', `The lease ${name} of ${cell.name} is held by ${holder}; wait for it or try again later.`, data);
}

/** Until the log moves, which a release does, or the time is over, which an expiry may be. */
async function changeOrTimeout({ follower }: EngineContext, timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
  const woken = new AbortController();
  const unsubscribe = follower.onMoved(() => woken.abort());
  const abort = (): void => woken.abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    await sleep(Math.max(timeoutMs, 1), undefined, { signal: woken.signal }).catch(() => undefined);
  } finally {
    unsubscribe();
    signal?.removeEventListener('abort', abort);
  }
}

function holderOf(found: UnmetRequirement['found']): string {
  return found ? (JSON.parse(found.body) as { holder: string }).holder : 'another holder';
}

function tellLease({ store }: EngineContext, { scope, id }: EntityCell, message: Omit<LeaseMessage, 'store' | 'entity'>): void {
  if (diagnostics.lease.hasSubscribers) diagnostics.lease.publish({ store: store.name, entity: { scope, id }, ...message });
}

function holderBody(holder: string): string {
  return JSON.stringify({ holder });
}
