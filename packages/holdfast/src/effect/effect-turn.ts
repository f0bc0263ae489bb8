import { UnmetRequirement, writeRecords } from '../commit/index.ts';
import { openKey, type EngineContext, type OpenEffect } from '../state/index.ts';
import { COLLECTION, type ItemKey } from '../store/index.ts';
import type { EffectDefinition } from './effect-definition.ts';
import type { Unsettled } from './unsettled-effect.ts';

/** Key of the item that says that the effect is unsettled and when it is due. */
export function openItem({ eid, effect, key }: Unsettled): ItemKey {
  return { eid, collection: COLLECTION.openEffect, key: openKey({ name: effect.name, key, concurrent: effect.concurrent }) };
}

/** The open effect after one more turn: the waits between turns double. `now` is the store's. */
export function afterTurn(open: OpenEffect, { firstMs, maxMs }: EffectDefinition['retry'], now: number, random: number): OpenEffect {
  const turns = (open.turns ?? 0) + 1;
  const waitMs = Math.min(firstMs * 2 ** (turns - 1), maxMs) * (0.75 + random / 2);
  return { ...open, turns, dueAt: now + Math.ceil(waitMs) };
}

/** What is kept of the effect's turns; undefined when it is not open any more. */
export async function readOpen({ store }: EngineContext, unsettled: Unsettled): Promise<{ open: OpenEffect; rev: number } | undefined> {
  const { eid, collection, key } = openItem(unsettled);
  const item = await store.item(eid, collection, key);
  const open = item && (JSON.parse(item.body) as OpenEffect);
  return open?.key === unsettled.key ? { open, rev: item?.rev as number } : undefined;
}

/**
 * Takes the effect's turn if it is due and nobody else has taken it; says whether it did. It is written before the turn is used, so that of all processes
 * one asks, and one that dies while asking is waited for like one that got no answer.
 */
export async function takeTurn(context: EngineContext, unsettled: Unsettled): Promise<boolean> {
  const [found, now] = await Promise.all([readOpen(context, unsettled), context.store.now()]);
  if (!found || (found.open.dueAt ?? 0) > now) return false;
  const item = openItem(unsettled);
  const body = JSON.stringify(afterTurn(found.open, unsettled.effect.retry, now, context.random()));
  try {
    // Lost in a power cut it only means to ask once more.
    await writeRecords(context.queue, unsettled.entity, () => ({
      durability: 'written',
      meta: { actor: `effect:${unsettled.effect.name}` },
      requires: [{ ...item, rev: found.rev }],
      puts: [{ ...item, body }],
    }));
    return true;
  } catch (error) {
    if (error instanceof UnmetRequirement) return false;
    throw error;
  }
}
