import { UnmetRequirement, type EntityCell } from '../commit/index.ts';
import { isHoldfastError } from '../errors/index.ts';
import { ledgerKey, type EngineContext, type RecordedEffect } from '../state/index.ts';
import { COLLECTION, type ItemRecord } from '../store/index.ts';
import type { EffectDefinition } from './effect-definition.ts';
import { EffectDriver, type Unsettled } from './effect-driver.ts';

const PAGE = 200;

/**
 * Runs intended effects once and settles them; takes over those whose owner died, and asks what became of the unknown ones until it is known.
 */
export class EffectRunner {
  readonly #context: EngineContext;
  readonly #effects: ReadonlyMap<string, EffectDefinition>;
  readonly #driver: EffectDriver;
  readonly #scanEveryMs: number;
  readonly #running = new Map<string, Promise<void>>();
  /** When an effect is due to be asked about again, and how often it was. */
  readonly #waits = new Map<string, { readonly asked: number; readonly dueAt: number }>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;

  constructor(
    context: EngineContext,
    effects: readonly EffectDefinition[],
    options: { leaseMs: number; scanEveryMs: number; holder: string },
  ) {
    this.#context = context;
    this.#effects = new Map(effects.map((effect) => [effect.name, effect]));
    this.#scanEveryMs = options.scanEveryMs;
    this.#driver = new EffectDriver(context, { leaseMs: options.leaseMs, holder: options.holder, closing: this.#closing.signal });
  }

  /** Looks for unsettled effects now and then on, without keeping the process alive. */
  start(): void {
    if (this.#effects.size === 0) return;
    this.#timer = setInterval(() => this.#startScan(), this.#scanEveryMs);
    this.#timer.unref();
    this.#startScan();
  }

  /** Waits up to `graceMs` for effects under way, then aborts them: what they did is found out by the next process. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#closing.abort(), graceMs);
    await this.#scanning;
    await Promise.all(this.#running.values());
    clearTimeout(grace);
    this.#closing.abort();
  }

  /** Called when a commit that intends effects is confirmed. */
  intended(entity: EntityCell, effects: readonly RecordedEffect[]): void {
    for (const { name, key } of effects) {
      const effect = this.#effects.get(name);
      if (effect && entity.eid !== undefined) void this.#drive({ entity, eid: entity.eid, effect, key });
    }
  }

  /** Asks about every unsettled effect now, those that wait for their turn too; resolves when each was taken as far as it will go. */
  async reconcile(): Promise<void> {
    await this.#scanning;
    this.#waits.clear();
    await Promise.all(await this.#scan({ isAgain: true }));
  }

  /** Starts a pass over the unsettled effects that are due, unless one is under way. */
  #startScan(): void {
    this.#scanning ??= this.#scan({ isAgain: false })
      .then(() => undefined, this.#context.report)
      .finally(() => {
        this.#scanning = undefined;
      });
  }

  /** With `isAgain`, effects that are being asked about already are asked about once more. */
  async #scan({ isAgain }: { readonly isAgain: boolean }): Promise<readonly Promise<void>[]> {
    const { store, registry } = this.#context;
    const drives: Promise<void>[] = [];
    let after: { eid: number; key: string } | undefined;
    for (;;) {
      const page: readonly ItemRecord[] = await store.items({ collection: COLLECTION.openEffect }, after, PAGE);
      for (const item of page) {
        const { name, key, scope, id } = JSON.parse(item.body) as { name: string; key: string; scope: EntityCell['scope']; id: string };
        const effect = this.#effects.get(name);
        if (!effect || !this.#isDue(`${item.eid}:${ledgerKey(name, key)}`)) continue;
        const entity = registry.at(scope, id);
        await registry.resolve(entity);
        if (entity.eid !== item.eid) continue;
        const unsettled = { entity, eid: item.eid, effect, key };
        const running = this.#running.get(`${item.eid}:${ledgerKey(name, key)}`);
        // An answer that was on its way may be older than the wish to know.
        drives.push(running && isAgain ? running.then(() => this.#drive(unsettled)) : this.#drive(unsettled));
      }
      const last = page.at(-1);
      if (!last || page.length < PAGE || this.#closing.signal.aborted) return drives;
      after = { eid: last.eid, key: last.key };
    }
  }

  #isDue(id: string): boolean {
    return this.#context.now() >= (this.#waits.get(id)?.dueAt ?? 0);
  }

  #wait(id: string, { firstMs, maxMs }: EffectDefinition['retry']): void {
    const asked = (this.#waits.get(id)?.asked ?? 0) + 1;
    const delayMs = Math.min(firstMs * 2 ** (asked - 1), maxMs) * (0.75 + this.#context.random() / 2);
    this.#waits.set(id, { asked, dueAt: this.#context.now() + delayMs });
  }

  /** Takes an effect as far as it will go now; never rejects. */
  #drive(unsettled: Unsettled): Promise<void> {
    const id = `${unsettled.eid}:${ledgerKey(unsettled.effect.name, unsettled.key)}`;
    const running = this.#running.get(id);
    if (running) return running;
    const drive = this.#driver
      .advance(unsettled)
      .then(
        (isSettled) => (isSettled ? void this.#waits.delete(id) : this.#wait(id, unsettled.effect.retry)),
        (error: unknown) => {
          this.#wait(id, unsettled.effect.retry);
          if (!isOvertaken(error)) this.#context.report(error);
        },
      )
      .finally(() => this.#running.delete(id));
    this.#running.set(id, drive);
    return drive;
  }
}

/** Another process has the effect, its entity is gone, or the manager closed: nothing to report. */
function isOvertaken(error: unknown): boolean {
  if (error instanceof UnmetRequirement) return true;
  return isHoldfastError(error) && ['LEASE_HELD', 'STALE_LEASE', 'NOT_FOUND', 'CLOSED'].includes(error.code);
}
