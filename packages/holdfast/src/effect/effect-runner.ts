import { UnmetRequirement, type EntityCell } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import { entityName } from '../scope/index.ts';
import { ledgerKey, type EngineContext, type OpenEffect, type RecordedEffect } from '../state/index.ts';
import type { EffectDefinition } from './effect-definition.ts';
import { EffectDriver } from './effect-driver.ts';
import { tellStep } from './effect-step.ts';
import { takeTurn } from './effect-turn.ts';
import { openEffects, type Unsettled } from './unsettled-effect.ts';

/**
 * Finds the effects that are to be taken further: those just intended, those whose owner died, and the unknown ones when they are due.
 */
export class EffectRunner {
  readonly #context: EngineContext;
  readonly #effects: ReadonlyMap<string, EffectDefinition>;
  readonly #driver: EffectDriver;
  readonly #scanEveryMs: number;
  readonly #driving = new Map<string, Promise<void>>();
  /** Names of effects in the store that were not given to open, once reported. */
  readonly #strangers = new Set<string>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;

  constructor(
    context: EngineContext,
    effects: readonly EffectDefinition[],
    options: { leaseMs: number; retentionMs: number; scanEveryMs: number; holder: string },
  ) {
    const { leaseMs, retentionMs, scanEveryMs, holder } = options;
    this.#context = context;
    this.#effects = new Map(effects.map((effect) => [effect.name, effect]));
    this.#scanEveryMs = scanEveryMs;
    this.#driver = new EffectDriver(context, { leaseMs, retentionMs, holder, closing: this.#closing.signal });
  }

  /** Looks for unsettled effects now and then on, without keeping the process alive; one without effects looks once, to report what nobody runs. */
  start(): void {
    if (this.#effects.size > 0) this.#timer = setInterval(() => this.#startScan(), this.#scanEveryMs).unref();
    this.#startScan();
  }

  /** Waits up to `graceMs` for effects under way, then aborts them: what they did is found out by the next process. */
  async close(graceMs: number): Promise<void> {
    clearInterval(this.#timer);
    const grace = setTimeout(() => this.#closing.abort(), graceMs);
    await this.#scanning;
    await Promise.all(this.#driving.values());
    clearTimeout(grace);
    this.#closing.abort();
  }

  /** Called when a commit that intends effects is confirmed. */
  intended(entity: EntityCell, effects: readonly RecordedEffect[]): void {
    for (const { name, key } of effects) {
      const effect = this.#effects.get(name);
      if (!effect || entity.eid === undefined) continue;
      const unsettled = { entity, eid: entity.eid, effect, key };
      tellStep(this.#context, unsettled, { step: 'intended', isSimulated: entity.origin !== undefined, runs: 0 });
      void this.#drive(unsettled, { isAsked: false });
    }
  }

  /** Asks now about every unsettled effect, of one entity or of all, whether it is due or not; resolves when each was taken as far as it will go. */
  async reconcile(entity?: EntityCell): Promise<void> {
    if (entity && entity.eid === undefined) return;
    const drives: Promise<void>[] = [];
    for await (const { eid, open } of openEffects(this.#context, entity?.eid)) {
      const unsettled = await this.#find(eid, open);
      if (!unsettled) continue;
      const underWay = this.#driving.get(idOf(unsettled));
      // An answer that was on its way may be older than the wish to know.
      drives.push(underWay ? underWay.then(() => this.#drive(unsettled, { isAsked: true })) : this.#drive(unsettled, { isAsked: true }));
    }
    await Promise.all(drives);
  }

  /** Starts a pass over the unsettled effects that are due, unless one is under way. */
  #startScan(): void {
    this.#scanning ??= this.#scan()
      .catch((error: unknown) => this.#context.report(error, 'effect'))
      .finally(() => {
        this.#scanning = undefined;
      });
  }

  async #scan(): Promise<void> {
    let now: number | undefined;
    for await (const { eid, open } of openEffects(this.#context)) {
      if (this.#closing.signal.aborted) return;
      now ??= await this.#context.store.now();
      if ((open.dueAt ?? 0) > now) continue;
      const unsettled = await this.#find(eid, open);
      if (unsettled) void this.#drive(unsettled, { isAsked: false });
    }
  }

  /** The effect with its definition and entity; undefined when this manager has no definition for it. */
  async #find(eid: number, open: OpenEffect): Promise<Unsettled | undefined> {
    const { registry } = this.#context;
    const effect = this.#effects.get(open.name);
    if (!effect) {
      this.#reportStranger(open);
      return undefined;
    }
    const entity = registry.at(open.scope, open.id);
    await registry.resolve(entity);
    return entity.eid === eid ? { entity, eid, effect, key: open.key } : undefined;
  }

  #reportStranger({ name, key, scope, id }: OpenEffect): void {
    if (this.#strangers.has(name)) return;
    this.#strangers.add(name);
    const entity = entityName({ scope, id });
    const message = `Effect ${name} of ${entity} (key ${key}) is not settled, and this manager cannot settle it: give its definition to StateManager.open({ effects }).`;
    this.#context.report(new HoldfastError('EFFECT_UNKNOWN', message, { entity, effect: name, key, status: 'unsettled' }), 'effect');
  }

  /** Takes an effect as far as it will go now, unless that is under way; never rejects. */
  #drive(unsettled: Unsettled, options: { readonly isAsked: boolean }): Promise<void> {
    const id = idOf(unsettled);
    const underWay = this.#driving.get(id);
    if (underWay) return underWay;
    const drive = this.#driver
      .advance(unsettled, options)
      .catch((error: unknown) => this.#failed(unsettled, error))
      .finally(() => this.#driving.delete(id));
    this.#driving.set(id, drive);
    return drive;
  }

  /** What went wrong here is reported, and tried again no sooner than an unknown outcome is asked about again. */
  async #failed(unsettled: Unsettled, error: unknown): Promise<void> {
    if (isOvertaken(error)) return;
    this.#context.report(error, 'effect');
    await takeTurn(this.#context, unsettled).catch((again: unknown) => {
      if (!isOvertaken(again)) this.#context.report(again, 'effect');
    });
  }
}

function idOf({ eid, effect, key }: Unsettled): string {
  return `${eid}:${ledgerKey(effect.name, key)}`;
}

/** Another process has the effect, its entity is gone, or the manager closed: nothing to report. */
function isOvertaken(error: unknown): boolean {
  if (error instanceof UnmetRequirement) return true;
  return isHoldfastError(error) && ['LEASE_HELD', 'STALE_LEASE', 'NOT_FOUND', 'CLOSED'].includes(error.code);
}
