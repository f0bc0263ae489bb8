import { setImmediate as nextLoopTurn } from 'node:timers/promises';
import { UnmetRequirement, writeRecords, type EntityCell } from '../commit/index.ts';
import { HoldfastError } from '../errors/index.ts';
import { COLLECTION, type LoggedCommit } from '../store/index.ts';
import { automaticName } from './checkpoint-record.ts';
import { expecting, versionsIn } from './checkpoint.ts';
import { retried, type HistoryContext } from './history-context.ts';

const PAGE = 500;
const MAX_KEPT = 1_000;
/** Key of the item that remembers the last automatic checkpoint: two processes that want to put the next one both replace it, and one of them fails. */
const KEY = 'checkpoint';

/** When checkpoints are put by themselves; at least one of the two is given. */
export interface AutoCheckpointOptions {
  /** After so many commits on the entity, of all processes, since the last automatic checkpoint. */
  readonly everyCommits?: number;
  /** After commits of so many different tool calls. */
  readonly everyToolCalls?: number;
  /** How many automatic checkpoints stay, 1 to 1,000: older ones are removed. */
  readonly keep: number;
}

/** What has happened to an entity since its last automatic checkpoint, as far as the log was read. */
interface Progress {
  seq: number;
  commits: number;
  readonly toolCalls: Set<string>;
  readonly last: LastCheckpoint;
}

interface LastCheckpoint {
  readonly rev: number | 'absent';
  readonly ordinal: number;
  /** Names of the automatic checkpoints that are there, oldest first. */
  readonly kept: readonly string[];
}

interface Watched {
  readonly entity: EntityCell;
  options: AutoCheckpointOptions;
  progress?: Progress;
  isRunning: boolean;
  isMoved: boolean;
}

/** @throws {HoldfastError} INVALID_ARGUMENT when the options do not fit. */
export function assertAutoCheckpoint({ everyCommits, everyToolCalls, keep }: AutoCheckpointOptions): void {
  const hasRule = everyCommits !== undefined || everyToolCalls !== undefined;
  if (hasRule && isCount(everyCommits) && isCount(everyToolCalls) && Number.isSafeInteger(keep) && keep >= 1 && keep <= MAX_KEPT) return;
  throw new HoldfastError(
    'INVALID_ARGUMENT',
    `checkpoints takes everyCommits or everyToolCalls, whole numbers from 1, and keep, a whole number from 1 to ${MAX_KEPT}.`,
    { argument: 'checkpoints' },
  );
}

/** Puts checkpoints by themselves, besides the commits: they wait for nothing here, and what fails is reported. */
export class AutoCheckpoints {
  readonly #context: HistoryContext;
  readonly #report: (error: unknown) => void;
  readonly #watched = new WeakMap<EntityCell, Watched>();
  readonly #running = new Set<Promise<void>>();
  #isClosed = false;

  constructor(context: HistoryContext, report: (error: unknown) => void) {
    this.#context = context;
    this.#report = report;
  }

  /** From now on, for as long as the entity is in memory. Called again it takes the new options. */
  watch(entity: EntityCell, options: AutoCheckpointOptions): void {
    const known = this.#watched.get(entity);
    if (known) {
      known.options = options;
      return;
    }
    const watched: Watched = { entity, options, isRunning: false, isMoved: false };
    this.#watched.set(entity, watched);
    entity.onChanged = () => this.#moved(watched);
  }

  /** Resolves when every checkpoint that is due is put. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  /** Ends it, once what is due is put. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.idle();
  }

  #moved(watched: Watched): void {
    watched.isMoved = true;
    if (watched.isRunning || this.#isClosed) return;
    watched.isRunning = true;
    const run = this.#run(watched).finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(watched: Watched): Promise<void> {
    try {
      while (watched.isMoved) {
        // What is committed in the same turn is looked at together.
        await nextLoopTurn();
        watched.isMoved = false;
        await this.#look(watched);
      }
    } catch (error) {
      delete watched.progress;
      if (!watched.entity.gone) this.#report(error);
    } finally {
      watched.isRunning = false;
    }
  }

  /** Reads on in the log, and puts the checkpoint if it is due. */
  async #look(watched: Watched): Promise<void> {
    const { entity, options } = watched;
    const { eid, gone } = entity;
    if (eid === undefined || gone) return;
    const progress = (watched.progress ??= await this.#seed(eid));
    for (let isAtEnd = false; !isAtEnd && !isDue(progress, options);) {
      const page = await this.#context.store.log(progress.seq, { eid }, PAGE);
      for (const commit of page.commits) count(progress, commit);
      isAtEnd = page.seq <= progress.seq;
      progress.seq = Math.max(progress.seq, page.seq);
    }
    if (!isDue(progress, options)) return;
    try {
      const last = await this.#put(entity, eid, progress.last, options.keep);
      watched.progress = { seq: last.rev, commits: 0, toolCalls: new Set(), last };
    } catch (error) {
      if (!(error instanceof UnmetRequirement)) throw error;
      // Another process was first: count on from its checkpoint.
      delete watched.progress;
    }
    watched.isMoved = true;
  }

  async #seed(eid: number): Promise<Progress> {
    const item = await this.#context.store.item(eid, COLLECTION.automatic, KEY);
    const found = item && (JSON.parse(item.body) as Omit<LastCheckpoint, 'rev'>);
    const last = item && found ? { ...found, rev: item.rev } : { rev: 'absent' as const, ordinal: 0, kept: [] };
    return { seq: item?.rev ?? 0, commits: 0, toolCalls: new Set(), last };
  }

  async #put(entity: EntityCell, eid: number, last: LastCheckpoint, keep: number): Promise<LastCheckpoint & { readonly rev: number }> {
    const ordinal = last.ordinal + 1;
    const name = automaticName(ordinal);
    const kept = [...last.kept, name].slice(-keep);
    const removed = last.kept.filter((each) => !kept.includes(each));
    const counter = { eid, collection: COLLECTION.automatic, key: KEY };
    const rev = await retried(this.#context, async () => {
      const heads = await this.#context.store.heads(eid);
      const at = this.#context.now();
      return await writeRecords(this.#context.queue, entity, (_eid, view) => {
        const versions = versionsIn(view, entity, heads);
        return {
          expects: expecting(eid, versions),
          requires: [{ ...counter, rev: last.rev }],
          puts: [
            { eid, collection: COLLECTION.checkpoint, key: name, body: JSON.stringify({ versions, at }) },
            { ...counter, body: JSON.stringify({ ordinal, kept }) },
          ],
          deletes: removed.map((key) => ({ eid, collection: COLLECTION.checkpoint, key })),
        };
      });
    });
    return { rev, ordinal, kept };
  }
}

function isCount(value: number | undefined): boolean {
  return value === undefined || (Number.isSafeInteger(value) && value > 0);
}

function count(progress: Progress, { toolCall }: LoggedCommit): void {
  progress.commits += 1;
  if (toolCall !== undefined) progress.toolCalls.add(toolCall);
}

function isDue({ commits, toolCalls }: Progress, { everyCommits, everyToolCalls }: AutoCheckpointOptions): boolean {
  return (everyCommits !== undefined && commits >= everyCommits) || (everyToolCalls !== undefined && toolCalls.size >= everyToolCalls);
}
