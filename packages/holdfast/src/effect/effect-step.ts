import { diagnostics, type EffectMessage } from '../event/index.ts';
import type { EngineContext } from '../state/index.ts';
import type { Unsettled } from './unsettled-effect.ts';

/** Tells on `holdfast:effect` that an effect is a step further. */
export function tellStep(
  { store }: EngineContext,
  { entity, effect, key }: Unsettled,
  step: Omit<EffectMessage, 'store' | 'entity' | 'effect' | 'key'>,
): void {
  if (!diagnostics.effect.hasSubscribers) return;
  diagnostics.effect.publish({
    store: store.name,
    entity: { scope: entity.scope, id: entity.id },
    effect: effect.name,
    key,
    ...step,
  });
}
