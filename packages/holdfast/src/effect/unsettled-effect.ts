import type { EntityCell } from '../commit/index.ts';
import { ledgerKey, type EffectRecord, type EngineContext, type OpenEffect } from '../state/index.ts';
import { COLLECTION, type ItemRecord } from '../store/index.ts';
import type { EffectDefinition } from './effect-definition.ts';

const PAGE = 200;

/** An effect that this manager can take further. */
export interface Unsettled {
  readonly entity: EntityCell;
  readonly eid: number;
  readonly effect: EffectDefinition;
  readonly key: string;
}

/** An effect of an entity that is neither done nor failed yet. */
export interface UnsettledEffect {
  readonly name: string;
  readonly key: string;
  readonly status: 'intended' | 'started' | 'unknown';
  /** When it was intended, epoch ms. */
  readonly since: number;
}

/** The open effects of an entity, or of all. Costs what is open. */
export async function* openEffects(
  { store }: EngineContext,
  eid?: number,
): AsyncGenerator<{ readonly eid: number; readonly open: OpenEffect }, void, undefined> {
  const filter = { collection: COLLECTION.openEffect, ...(eid !== undefined && { eid }) };
  for (let after: ItemRecord | undefined; ;) {
    const page: readonly ItemRecord[] = await store.items(filter, after && { eid: after.eid, key: after.key }, PAGE);
    for (const item of page) yield { eid: item.eid, open: JSON.parse(item.body) as OpenEffect };
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

/** The unsettled effects of an entity, those too that no definition was given for; ordered by name. */
export async function unsettledEffects(context: EngineContext, entity: EntityCell): Promise<readonly UnsettledEffect[]> {
  const found: UnsettledEffect[] = [];
  if (entity.eid === undefined) return found;
  for await (const { eid, open } of openEffects(context, entity.eid)) {
    const { name, key } = open;
    const item = await context.store.item(eid, COLLECTION.effect, ledgerKey(name, key));
    const record = item && (JSON.parse(item.body) as EffectRecord);
    // It was settled while the list was read.
    if (!record || record.status === 'done' || record.status === 'failed') continue;
    found.push({ name, key, status: record.status, since: record.intendedAt });
  }
  return found;
}
