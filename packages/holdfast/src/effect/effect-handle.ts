import type { EntityCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { holdProcess } from '../event/index.ts';
import { ledgerKey, type EffectRecord, type EngineContext } from '../state/index.ts';
import { COLLECTION } from '../store/index.ts';
import type { EffectDefinition, EffectOutcome } from './effect-definition.ts';

/** One effect of one entity, by its key. */
export class EffectHandle<Input, Output> {
  readonly #context: EngineContext;
  readonly #entity: EntityCell;
  readonly #effect: EffectDefinition<Input, Output>;
  readonly #key: string;

  /** @internal Made by `entity.effect`. */
  constructor(context: EngineContext, entity: EntityCell, effect: EffectDefinition<Input, Output>, key: string) {
    this.#context = context;
    this.#entity = entity;
    this.#effect = effect;
    this.#key = key;
  }

  /** The ledger's record; undefined when no commit has intended the effect. */
  async record(): Promise<EffectRecord | undefined> {
    const { store, registry, assertOpen } = this.#context;
    assertOpen();
    await registry.resolve(this.#entity);
    if (this.#entity.eid === undefined) return undefined;
    const item = await store.item(this.#entity.eid, COLLECTION.effect, ledgerKey(this.#effect.name, this.#key));
    return item && (JSON.parse(item.body) as EffectRecord);
  }

  /**
   * Waits until the effect is done or has failed; with `unknown: true`, or until its outcome is unknown.
   * @throws {HoldfastError} NOT_FOUND when no commit has intended it. Rejects with the signal's reason when that aborts.
   */
  async outcome(options: { readonly signal?: AbortSignal; readonly unknown?: boolean } = {}): Promise<EffectOutcome<Output>> {
    const { signal } = options;
    for (;;) {
      signal?.throwIfAborted();
      const { promise, resolve } = Promise.withResolvers<void>();
      // Watching starts before looking, so that no move is missed between the two.
      const unsubscribe = this.#context.follower.onMoved(() => resolve());
      signal?.addEventListener('abort', () => resolve(), { once: true });
      try {
        const outcome = outcomeOf<Output>(await this.record(), this.#effect.name, this.#key, this.#entity.name);
        if (outcome && (outcome.status !== 'unknown' || options.unknown)) return outcome;
        await holdProcess(promise);
      } finally {
        unsubscribe();
      }
    }
  }
}

function outcomeOf<Output>(record: EffectRecord | undefined, name: string, key: string, entity: string): EffectOutcome<Output> | undefined {
  if (!record) {
    const what = `effect ${name} ${key} of ${entity}`;
    throw new HoldfastError('NOT_FOUND', `There is no ${what}; no commit has intended it.`, { what });
  }
  if (record.status === 'done') return { status: 'done', output: record.output as Output };
  if (record.status === 'failed' || record.status === 'unknown') return { status: record.status, error: record.error ?? '' };
  return undefined;
}
