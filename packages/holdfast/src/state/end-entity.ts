import { HoldfastError } from '../errors/index.ts';
import { entityName } from '../scope/index.ts';
import { COLLECTION, type EntityRecord } from '../store/index.ts';
import { deleteStored, unsettledEffect, type DeleteOptions } from './delete-entity.ts';
import type { EngineContext } from './engine-context.ts';

const PAGE = 64;

/**
 * Deletes an entity with all that belong to it, the deepest first, so that an end which was interrupted is taken up by ending the entity again. Nothing
 * is deleted when an effect is unsettled at the beginning and not to be abandoned.
 */
export async function endEntity(context: EngineContext, entity: EntityRecord, options: DeleteOptions): Promise<void> {
  if (options.unsettled !== 'abandon') await refuseUnsettled(context, entity);
  await endChildren(context, entity.eid, options);
  if (!(await deleteStored(context, entity, options))) {
    const what = entityName(entity);
    throw new HoldfastError('NOT_FOUND', `${what} was deleted while it was ended.`, { what });
  }
  // Nobody can make a child of it any more: these were made between the last look and its deletion.
  await endChildren(context, entity.eid, options);
  await retireKeys(context, [entity]);
}

async function endChildren(context: EngineContext, eid: number, options: DeleteOptions): Promise<void> {
  for (;;) {
    const page = await context.store.entities({ parent: eid }, undefined, PAGE);
    if (page.length === 0) return;
    for (const child of page) await endChildren(context, child.eid, options);
    const ended = await Promise.allSettled(page.map((child) => deleteStored(context, child, options)));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    for (const child of page) await endChildren(context, child.eid, options);
    await retireKeys(context, page);
  }
}

async function retireKeys({ retireKey }: EngineContext, entities: readonly EntityRecord[]): Promise<void> {
  const subjects = new Set(entities.flatMap(({ subject }) => subject ?? []));
  for (const subject of subjects) await retireKey(subject);
}

async function refuseUnsettled(context: EngineContext, entity: EntityRecord): Promise<void> {
  const [open] = await context.store.items({ eid: entity.eid, collection: COLLECTION.openEffect }, undefined, 1);
  if (open) throw unsettledEffect(entityName(entity), open);
  for (let after: EntityRecord | undefined; ;) {
    const page: readonly EntityRecord[] = await context.store.entities({ parent: entity.eid }, after, PAGE);
    for (const child of page) await refuseUnsettled(context, child);
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}
