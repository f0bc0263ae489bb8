import { randomUUID } from 'node:crypto';
import { CommitQueue, EntityRegistry, LogFollower } from './commit/index.ts';
import { EffectRunner } from './effect/index.ts';
import { HoldfastError } from './errors/index.ts';
import { publishError, type FeedSource } from './event/index.ts';
import { AutoCheckpoints, pruneHistory, writeDueSnapshots } from './history/index.ts';
import type { OpenOptions } from './manager-options.ts';
import type { Scope } from './scope/index.ts';
import { KeyRing, SUBJECT_SCOPE } from './secret/index.ts';
import { Sweeper } from './session/index.ts';
import { OrphanedKeys, OutsideEditor, type EngineContext } from './state/index.ts';
import { readOnlyRefusal } from './store/index.ts';

/** The parts of one open manager. */
export interface Engine {
  readonly context: EngineContext;
  readonly runner: EffectRunner;
  readonly autoCheckpoints: AutoCheckpoints;
  readonly sweeper: Sweeper;
  readonly feedSource: FeedSource;
  /** Settles every commit asked for, and shows it where the store shows states. */
  flush(): Promise<void>;
  /** Lets effects under way end, settles every commit asked for, ends feeds and closes the store. */
  close(): Promise<void>;
}

/** Makes the parts over a store that is open and whose newest commit is `seq`. Nothing runs yet. */
export function wireEngine(options: OpenOptions, seq: number): Engine {
  const {
    store,
    effects = [],
    invariants = [],
    retryForMs = 10_000,
    effectLeaseMs = 30_000,
    effectScanEveryMs = 1_000,
    effectRetentionMs = 90 * 24 * 3_600_000,
    clock = Date.now,
    random = Math.random,
    closeGraceMs = 5_000,
    readOnly = false,
  } = options;
  const refusal = (): HoldfastError => readOnlyRefusal(`The manager of ${store.name}`);
  const registry = new EntityRegistry(store);
  const follower = new LogFollower(store, registry, seq, publishError);
  const queue = new CommitQueue({
    store,
    registry,
    follower,
    now: clock,
    random,
    ...(readOnly && { refusal }),
    afterCommit: async (cells) => {
      await writeDueSnapshots(store, cells).catch(publishError);
      await pruneHistory(store, cells).catch(publishError);
    },
  });
  const keys = new KeyRing({
    store,
    provider: options.keys,
    keeperOf: async (subject) => {
      const cell = registry.at(SUBJECT_SCOPE as Scope, subject);
      await registry.resolve(cell);
      return cell;
    },
    catchUp: () => follower.catchUp(),
  });
  let isClosed = false;
  const assertOpen = (): void => {
    if (isClosed) throw new HoldfastError('CLOSED', `The manager of ${store.name} is closed.`, { what: store.name });
  };
  const registered = new Set<unknown>(effects);
  const context: EngineContext = {
    store,
    registry,
    queue,
    follower,
    keys,
    invariants,
    now: clock,
    random,
    retryForMs,
    report: publishError,
    readOnly,
    assertOpen,
    assertWritable: () => {
      assertOpen();
      if (readOnly) throw refusal();
    },
    retireKey: (subject) => orphanedKeys.retire(subject).catch(publishError),
    effectNames: effects.map(({ name }) => name),
    hasEffect: (effect) => registered.has(effect),
    effectsIntended: (entity, intended) => runner.intended(entity, intended),
    reconcile: (entity) => runner.reconcile(entity),
    admitEdits: store.outside && ((entity, definition) => editor?.admit(entity, definition) ?? Promise.resolve()),
  };
  const editor = store.outside && new OutsideEditor(context, store.outside);
  const runner = new EffectRunner(context, effects, {
    leaseMs: effectLeaseMs,
    retentionMs: effectRetentionMs,
    scanEveryMs: effectScanEveryMs,
    holder: `${process.pid}-${randomUUID()}`,
  });
  const autoCheckpoints = new AutoCheckpoints(context, publishError);
  const orphanedKeys = new OrphanedKeys(context);
  const sweeper = new Sweeper(context, orphanedKeys);
  const feedsEnd = new AbortController();
  const unsubscribe = store.signal(() => follower.poke());
  return {
    context,
    runner,
    autoCheckpoints,
    sweeper,
    feedSource: { store, onMoved: (listener) => follower.onMoved(listener), seenUpTo: () => follower.seq, closed: feedsEnd.signal },
    flush: async () => {
      await queue.idle();
      await autoCheckpoints.idle();
      await store.flush?.();
      await editor?.takeAll();
    },
    close: async () => {
      await Promise.all([runner.close(closeGraceMs), sweeper.close()]);
      await editor?.close();
      isClosed = true;
      await queue.idle();
      await autoCheckpoints.close();
      feedsEnd.abort();
      unsubscribe();
      await store.close();
    },
  };
}
