import { UnmetRequirement, writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError, isHoldfastError } from '../errors/index.ts';
import type { Scope } from '../scope/index.ts';
import { COLLECTION, type EntityRecord, type ItemRecord } from '../store/index.ts';
import type { OpenEffect } from './effect-intent.ts';
import type { EngineContext } from './engine-context.ts';

export interface DeleteOptions {
  /** Who deletes, and why: in the commit that the feed gives. */
  readonly actor?: string;
  readonly cause?: string;
  /** Deletes although an effect is not settled: nobody will find out what became of it. */
  readonly unsettled?: 'abandon';
}

/** Deletes an entity, unless an effect of it is unsettled and not to be abandoned. */
export async function deleteEntity(context: EngineContext, entity: EntityCell, eid: number, options: DeleteOptions): Promise<void> {
  const { actor, cause, unsettled } = options;
  const isForced = unsettled === 'abandon';
  const [open] = isForced ? [] : await context.store.items({ eid, collection: COLLECTION.openEffect }, undefined, 1);
  if (open) throw unsettledEffect(entity.name, open);
  const source = await sourceOf(context, entity);
  try {
    await writeRecords(context.queue, entity, (_eid, view) => ({
      drops: [eid],
      deletes:
        source?.eid === undefined || source.gone || view.isAnyDropped([source])
          ? []
          : [{ eid: source.eid, collection: COLLECTION.fork, key: entity.id }],
      meta: { flags: ['deleted'], ...(actor !== undefined && { actor }), ...(cause !== undefined && { cause }) },
      // Looking was not enough: one may be intended in between.
      requires: isForced ? [] : context.effectNames.map((name) => ({ eid, collection: COLLECTION.openEffect, key: name, rev: 'absent' })),
    }));
  } catch (error) {
    if (error instanceof UnmetRequirement && error.found) throw unsettledEffect(entity.name, error.found);
    throw error;
  }
}

/** Of a fork: its original, which remembers it. */
async function sourceOf({ registry }: EngineContext, { origin, scope }: EntityCell): Promise<EntityCell | undefined> {
  const source = origin && registry.at(scope, origin.id);
  if (source) await registry.resolve(source);
  return source?.eid === origin?.eid ? source : undefined;
}

/** Deletes an entity that was found in the store; false when somebody else did it first. */
export async function deleteStored(context: EngineContext, { eid, scope, id }: EntityRecord, options: DeleteOptions): Promise<boolean> {
  const cell = context.registry.at(scope as Scope, id);
  await context.registry.resolve(cell);
  try {
    await deleteEntity(context, cell, eid, options);
    return true;
  } catch (error) {
    if (!isHoldfastError(error, 'NOT_FOUND')) throw error;
    return false;
  }
}

export function unsettledEffect(entity: string, item: ItemRecord): HoldfastError {
  const { name, key } = JSON.parse(item.body) as OpenEffect;
  return new HoldfastError(
    'EFFECT_UNKNOWN',
    `Effect ${name} of ${entity} is not settled yet (key ${key}); wait for its outcome, or delete with { unsettled: 'abandon' }.`,
    { entity, effect: name, key, status: 'unsettled' },
  );
}
