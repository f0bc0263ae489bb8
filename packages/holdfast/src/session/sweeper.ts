import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { HoldfastError } from '../errors/index.ts';
import { diagnostics, observed } from '../event/index.ts';
import type { EntityAddress, Scope } from '../scope/index.ts';
import type { EngineContext, OrphanedKeys } from '../state/index.ts';

const BATCH = 100;
/** Longest delay that a timer takes. */
const FAR_MS = 2 ** 31 - 1;

/** @throws {HoldfastError} INVALID_ARGUMENT for what is no interval. */
export function assertSweepInterval(everyMs: number): void {
  if (!(everyMs >= 0))
    throw new HoldfastError('INVALID_ARGUMENT', `sweepEveryMs must be a number of milliseconds, or 0 for never, not ${everyMs}.`, {
      argument: 'sweepEveryMs',
    });
}

/** Deletes what expired: when it is asked to, and now and then in the background. */
export class Sweeper {
  readonly #context: EngineContext;
  readonly #keys: OrphanedKeys;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(context: EngineContext, keys: OrphanedKeys) {
    this.#context = context;
    this.#keys = keys;
  }

  /** Sweeps every so often without keeping the process alive; never with 0 or Infinity. What fails is reported and tried again at the next turn. */
  start(everyMs: number): void {
    if (everyMs === 0 || everyMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setInterval(() => this.#startRun(), Math.min(everyMs, FAR_MS)).unref();
  }

  /** Ends it after the batch that is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#running;
  }

  /** Deletes up to `limit` expired entities and as many expired items, and looks for data keys that nobody needs any more. */
  async sweep(limit: number): Promise<{ readonly entities: readonly EntityAddress[]; readonly items: number }> {
    const { store, follower } = this.#context;
    const swept = await observed(
      diagnostics.sweep,
      async () => {
        const { dropped, items } = await store.sweep(limit);
        return { entities: dropped.map(({ scope, id }) => ({ scope: scope as Scope, id })), items };
      },
      (done = { entities: [], items: 0 }) => ({ store: store.name, ...done }),
    );
    await follower.catchUp();
    await this.#keys.retireSome();
    return swept;
  }

  #startRun(): void {
    this.#running ??= this.#run()
      .catch(this.#context.report)
      .finally(() => {
        this.#running = undefined;
      });
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      const { entities, items } = await this.sweep(BATCH);
      if (entities.length < BATCH && items < BATCH) return;
      await nextLoopTurn();
    }
  }
}
