import { UnmetRequirement, writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { COLLECTION, type ItemRecord } from '../store/index.ts';
import type { OpenEffect } from './effect-intent.ts';
import type { EngineContext } from './engine-context.ts';

/** Deletes an entity, unless an effect of it is unsettled and not to be abandoned. */
export async function deleteEntity(
  context: EngineContext,
  entity: EntityCell,
  eid: number,
  options: { readonly unsettled?: 'abandon' },
): Promise<void> {
  const isForced = options.unsettled === 'abandon';
  const [open] = isForced ? [] : await context.store.items({ eid, collection: COLLECTION.openEffect }, undefined, 1);
  if (open) throw unsettled(entity, open);
  const source = await sourceOf(context, entity);
  try {
    await writeRecords(context.queue, entity, (_eid, view) => ({
      drops: [eid],
      deletes:
        source?.eid === undefined || source.gone || view.isDropped(source)
          ? []
          : [{ eid: source.eid, collection: COLLECTION.fork, key: entity.id }],
      meta: { flags: ['deleted'] },
      // Looking was not enough: one may be intended in between.
      requires: isForced ? [] : context.effectNames.map((name) => ({ eid, collection: COLLECTION.openEffect, key: name, rev: 'absent' })),
    }));
  } catch (error) {
    if (error instanceof UnmetRequirement && error.found) throw unsettled(entity, error.found);
    throw error;
  }
}

/** Of a fork: its original, which remembers it. */
async function sourceOf({ registry }: EngineContext, { origin, scope }: EntityCell): Promise<EntityCell | undefined> {
  const source = origin && registry.at(scope, origin.id);
  if (source) await registry.resolve(source);
  return source?.eid === origin?.eid ? source : undefined;
}

function unsettled(entity: EntityCell, item: ItemRecord): HoldfastError {
  const { name, key } = JSON.parse(item.body) as OpenEffect;
  return new HoldfastError(
    'EFFECT_UNKNOWN',
    `Effect ${name} of ${entity.name} is not settled yet (key ${key}); wait for its outcome, or delete with { unsettled: 'abandon' }.`,
    { entity: entity.name, effect: name, key, status: 'unsettled' },
  );
}
