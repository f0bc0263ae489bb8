import type { CommitMessage } from '../event/index.ts';
import { entityName, type EntityAddress } from '../scope/index.ts';
import type { Attributes, SpanTracer } from './api.ts';
import type { Listeners } from './listen.ts';

const ERROR = 2;

/** A span for each operation, made when it is over; its parent is the span that was active where it was asked for. */
export function spanListeners(tracer: SpanTracer): Listeners {
  const span = (name: string, { durationMs = 0, code }: { durationMs?: number; code?: string }, attributes: Attributes): void => {
    const endTime = performance.timeOrigin + performance.now();
    const made = tracer.startSpan(name, {
      startTime: endTime - durationMs,
      attributes: code === undefined ? attributes : { ...attributes, 'holdfast.code': code },
    });
    if (code !== undefined) made.setStatus({ code: ERROR, message: code });
    made.end(endTime);
  };
  return {
    // A record that is not as it had to be is an answer, and no failure.
    'holdfast:commit': ({ code, ...commit }) =>
      span('holdfast.commit', commit.outcome === 'refused' || code === undefined ? commit : { ...commit, code }, commitAttributes(commit)),
    'holdfast:load': (load) =>
      span('holdfast.load', load, {
        ...ofEntity(load),
        'holdfast.state': load.state,
        'holdfast.version': load.version,
        'holdfast.patches': load.patches,
        'holdfast.size': load.size,
      }),
    'holdfast:snapshot': (snapshot) =>
      span('holdfast.snapshot', snapshot, { 'holdfast.store': snapshot.store, 'holdfast.states': snapshot.states.map(stateName) }),
    'holdfast:prune': (prune) =>
      span('holdfast.prune', prune, {
        ...ofEntity(prune),
        'holdfast.state': prune.state,
        'holdfast.before_version': prune.beforeVersion,
      }),
    'holdfast:checkpoint': (checkpoint) =>
      span('holdfast.checkpoint', checkpoint, { ...ofEntities(checkpoint), 'holdfast.checkpoint': checkpoint.checkpoint }),
    'holdfast:restore': (restore) =>
      span('holdfast.restore', restore, {
        ...ofEntities(restore),
        'holdfast.checkpoint': restore.checkpoint,
        'holdfast.seq': restore.seq,
      }),
    'holdfast:fork': (fork) =>
      span('holdfast.fork', fork, {
        ...ofEntity(fork),
        'holdfast.fork': fork.fork,
        ...(fork.checkpoint !== undefined && { 'holdfast.checkpoint': fork.checkpoint }),
      }),
    'holdfast:merge': (merge) =>
      span('holdfast.merge', merge, {
        ...ofEntity(merge),
        'holdfast.fork': merge.fork,
        'holdfast.seq': merge.seq,
        'holdfast.conflicts': merge.conflicts.length,
      }),
    'holdfast:effect': (effect) => {
      if (effect.durationMs === undefined) return;
      const { step, answer } = effect;
      const attributes = { ...ofEntity(effect), 'holdfast.effect': effect.effect, 'holdfast.effect.key': effect.key };
      const runs = { 'holdfast.effect.runs': effect.runs, 'holdfast.effect.simulated': effect.isSimulated };
      if (step === 'reconciled') span('holdfast.effect.reconcile', effect, { ...attributes, ...runs, 'holdfast.outcome': answer ?? '' });
      else span('holdfast.effect', effect, { ...attributes, ...runs, 'holdfast.outcome': step });
    },
    'holdfast:sweep': (sweep) => span('holdfast.sweep', sweep, { ...ofEntities(sweep), 'holdfast.items': sweep.items }),
  };
}

function commitAttributes(commit: Omit<CommitMessage, 'code'>): Attributes {
  const { seq, commitId, outcome, durability, actor, cause, toolCall, trace, flags } = commit;
  return {
    ...ofEntities(commit),
    'holdfast.outcome': outcome,
    'holdfast.seq': seq,
    'holdfast.states': commit.states.map(stateName),
    'holdfast.size': commit.states.reduce((sum, { size }) => sum + size, 0),
    'holdfast.attempts': commit.attempts,
    'holdfast.batch_size': commit.batchSize,
    'holdfast.queue_ms': commit.queueMs,
    'holdfast.store_ms': commit.storeMs,
    ...(commitId !== undefined && { 'holdfast.commit_id': commitId }),
    ...(durability !== undefined && { 'holdfast.durability': durability }),
    ...(actor !== undefined && { 'holdfast.actor': actor }),
    ...(cause !== undefined && { 'holdfast.cause': cause }),
    ...(toolCall !== undefined && { 'holdfast.tool_call': toolCall }),
    ...(trace !== undefined && { 'holdfast.trace': trace }),
    ...(flags !== undefined && { 'holdfast.flags': [...flags] }),
  };
}

function ofEntity({ store, entity }: { readonly store: string; readonly entity: EntityAddress }): Attributes {
  return { 'holdfast.store': store, 'holdfast.entity': entityName(entity) };
}

function ofEntities({ store, entities }: { readonly store: string; readonly entities: readonly EntityAddress[] }): Attributes {
  return { 'holdfast.store': store, 'holdfast.entities': entities.map(entityName) };
}

/** `conversation:anna/tab@3` */
function stateName(state: EntityAddress & { readonly state: string; readonly version: number }): string {
  return `${entityName(state)}/${state.state}@${state.version}`;
}
