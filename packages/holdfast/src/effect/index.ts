export { EffectFailure, defineEffect } from './effect-definition.ts';
export type { DraftsOf, EffectDefinition, EffectOptions, EffectOutcome, EffectRun, Reconciliation } from './effect-definition.ts';
export { EffectHandle } from './effect-handle.ts';
export { EffectRunner } from './effect-runner.ts';
export { unsettledEffects } from './unsettled-effect.ts';
export type { UnsettledEffect } from './unsettled-effect.ts';
