import { errorCode } from '../event/index.ts';
import type { InstrumentMeter } from './api.ts';
import type { Listeners } from './listen.ts';

/** In seconds: from a commit in memory to one that waited for other processes. */
const explicitBucketBoundaries = [0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 10];

/** Instruments whose attributes are few by nature: no entity's id is among them. */
export function metricListeners(meter: InstrumentMeter): Listeners {
  const advice = { explicitBucketBoundaries };
  const commits = meter.createHistogram('holdfast.commit.duration', {
    description: 'From asking for a commit until its answer',
    unit: 's',
    advice,
  });
  const loads = meter.createHistogram('holdfast.load.duration', { description: 'Reading a state from the store', unit: 's', advice });
  const depth = meter.createGauge('holdfast.queue.depth', {
    description: 'Commits that waited when a batch was formed',
    unit: '{commit}',
  });
  const conflicts = meter.createCounter('holdfast.conflicts', {
    description: 'Commits refused because a state had moved',
    unit: '{conflict}',
  });
  const effects = meter.createCounter('holdfast.effects', { description: 'Outcomes of effects', unit: '{effect}' });
  const leases = meter.createUpDownCounter('holdfast.leases.held', { description: 'Leases that this process holds', unit: '{lease}' });
  const refused = meter.createCounter('holdfast.leases.refused', {
    description: 'Leases that another had, and commits under one that was lost',
    unit: '{lease}',
  });
  const swept = meter.createCounter('holdfast.swept', { description: 'Entities deleted because they expired', unit: '{entity}' });
  const errors = meter.createCounter('holdfast.errors', { description: 'Errors that no caller waited for', unit: '{error}' });
  return {
    'holdfast:commit': ({ store, outcome, code, durationMs, attempts, waiting }) => {
      const failure = code === undefined ? {} : { 'holdfast.code': code };
      commits.record(durationMs / 1_000, { 'holdfast.store': store, 'holdfast.outcome': outcome, ...failure });
      if (attempts > 0) depth.record(waiting, { 'holdfast.store': store });
    },
    'holdfast:load': ({ store, state, durationMs }) =>
      loads.record(durationMs / 1_000, { 'holdfast.store': store, 'holdfast.state': state }),
    'holdfast:conflict': ({ store, state }) => conflicts.add(1, { 'holdfast.store': store, 'holdfast.state': state }),
    'holdfast:effect': ({ store, effect, step }) => {
      if (step === 'done' || step === 'failed' || step === 'unknown')
        effects.add(1, { 'holdfast.store': store, 'holdfast.effect': effect, 'holdfast.outcome': step });
    },
    'holdfast:lease': ({ store, step }) => {
      const attributes = { 'holdfast.store': store };
      if (step === 'acquired') leases.add(1, attributes);
      else if (step === 'released' || step === 'lost') leases.add(-1, attributes);
      else refused.add(1, { ...attributes, 'holdfast.outcome': step });
    },
    'holdfast:sweep': ({ store, entities }) => swept.add(entities.length, { 'holdfast.store': store }),
    'holdfast:error': ({ error, source }) => errors.add(1, { 'holdfast.source': source, 'holdfast.code': errorCode(error) }),
  };
}
