import { isHoldfastError, type Json, type Lease, type StateManager } from 'holdfast';
import type { Clock } from '../clock.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { isoTime } from '../zoned-time.ts';
import { assertSize, Journal } from './journal.ts';
import type { JournalRecord, WorkflowNode } from './journal-state.ts';

/** For so long a process that died keeps a run. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;
const MAX_NODE_CHECKPOINTS = 50;
const PREFIX = 'node ';
const NODE_NAME = /^[^\p{Cc}]{1,80}$/u;

export interface RunOptions {
  readonly state: StateManager;
  readonly clock: Clock;
  readonly id: string;
  readonly title?: string;
  /** Who runs it: shown to those who find it taken. */
  readonly holder: string;
  /** How long to wait for whoever runs it. Default 0. */
  readonly waitMs?: number;
}

/** A node while it works. */
export interface NodeStep {
  /** From 1. */
  readonly attempt: number;
  /** What an earlier attempt has kept; null at first. */
  readonly saved: Json;
  /** Aborts when another process has taken the run over. */
  readonly signal: AbortSignal;
  /** Keeps an intermediate result, with a checkpoint: when the process dies, the next attempt goes on from it. */
  readonly save: (result: Json) => Promise<void>;
}

/**
 * A run of a workflow, by one process at a time. Its nodes are functions that are called by name: one that was completed gives its result without being called again, so that a run
 * which was interrupted goes on by calling all of them anew.
 */
export class WorkflowRun implements AsyncDisposable {
  readonly journal: Journal;
  /** The checkpoint that it goes on from; undefined for a run that begins. */
  readonly resumedFrom: string | undefined;
  readonly #lease: Lease;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  #renewal: Disposable | undefined;

  private constructor(journal: Journal, lease: Lease, clock: Clock, resumedFrom: string | undefined) {
    this.journal = journal;
    this.#lease = lease;
    this.#clock = clock;
    this.resumedFrom = resumedFrom;
    this.#renewLater();
  }

  /**
   * Begins a run, or goes on with one that its process has left: at its last checkpoint, with what came after it taken back.
   * @throws {WorkbenchError} REFUSED when another process runs it, or it has ended.
   */
  static async open({ state, clock, id, title, holder, waitMs = 0 }: RunOptions): Promise<WorkflowRun> {
    const journal = await Journal.open(state, 'workflow', id);
    const lease = await leaseOf(journal, { holder, waitMs });
    try {
      const { status } = await journal.refresh();
      if (status === 'completed' || status === 'failed')
        throw new WorkbenchError('REFUSED', `The run ${id} has ${status}; fork it at a checkpoint to go on from there.`);
      const resumedFrom = status === 'running' ? await rewind(journal) : undefined;
      await journal.change('begin', (draft) => begin(draft, title), { actor: holder, lease });
      if (status === 'open') await journal.entity.checkpoint('begin');
      return new WorkflowRun(journal, lease, clock, resumedFrom);
    } catch (error) {
      await lease.release();
      throw error;
    }
  }

  /** By name, in the order in which they were first called. */
  get nodes(): Readonly<Record<string, WorkflowNode>> {
    return this.journal.current.nodes;
  }

  /**
   * Does the work of a node once: its result is kept, with a checkpoint, and given without any work from then on.
   * @throws {WorkbenchError} REFUSED while it is running, and what the work throws: the node has failed then, and may be called again.
   */
  async node<T extends Json>(name: string, work: (step: NodeStep) => Promise<T>): Promise<T> {
    if (!NODE_NAME.test(name))
      throw new WorkbenchError('INVALID_INPUT', `A node is called by 1 to 80 characters without controls, not ${JSON.stringify(name)}.`);
    const known = Object.hasOwn(this.nodes, name) ? this.nodes[name] : undefined;
    if (known?.status === 'completed') return known.result as T;
    if (known?.status === 'running') throw new WorkbenchError('REFUSED', `The node ${name} is running already.`);
    const { attempt, saved } = await this.#change(`begin ${name}`, name, (node, at) => {
      Object.assign(node, { status: 'running', attempts: node.attempts + 1, started_at: at, ended_at: null, error: null });
      return { attempt: node.attempts, saved: node.result };
    });
    const save = async (result: Json): Promise<void> => {
      assertSize(`The result of ${name}`, result);
      await this.#change(`save ${name}`, name, (node) => void (node.result = result));
      await this.#checkpoint(`${name} ${attempt} saved`);
    };
    let result: T;
    try {
      result = await work({ attempt, saved, signal: this.#lost.signal, save });
      assertSize(`The result of ${name}`, result);
    } catch (error) {
      const message = (error instanceof Error ? error.message : String(error)).slice(0, 2_000);
      await this.#change(`fail ${name}`, name, (node, at) => Object.assign(node, { status: 'failed', ended_at: at, error: message }));
      throw error;
    }
    await this.#change(
      `complete ${name}`,
      name,
      (node, at) => Object.assign(node, { status: 'completed', ended_at: at, result }),
      `${name} ${attempt}`,
    );
    await this.#checkpoint(`${name} ${attempt} completed`);
    return result;
  }

  /** It came to its end. */
  async end(status: 'completed' | 'failed'): Promise<void> {
    await this.journal.change(status, (draft) => void (draft.status = status), { lease: this.#lease });
  }

  /** Gives the run back: it goes on where it is opened next. */
  async close(): Promise<void> {
    this.#renewal?.[Symbol.dispose]();
    this.#lost.abort();
    await this.#lease.release();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #change<R>(cause: string, name: string, recipe: (node: WorkflowNode, at: string) => R, toolCall?: string): Promise<R> {
    const options = { lease: this.#lease, ...(toolCall !== undefined && { toolCall }) };
    return this.journal.change<R>(
      cause,
      (draft, { now }) => {
        if (!Object.hasOwn(draft.nodes, name))
          draft.nodes[name] = { status: 'pending', attempts: 0, started_at: null, ended_at: null, error: null, result: null };
        return recipe(draft.nodes[name] as WorkflowNode, isoTime(now)) as never;
      },
      options,
    );
  }

  /** Of those that nodes make, the newest 50 stay. A run that was rewound comes by the same names again. */
  async #checkpoint(what: string): Promise<void> {
    const { entity } = this.journal;
    const all = (await entity.checkpoints({ prefix: PREFIX })).toSorted((a, b) => a.seq - b.seq);
    const ordinal = Number(all.at(-1)?.name.slice(PREFIX.length).split(' ')[0] ?? 0) + 1;
    await entity.checkpoint(`${PREFIX}${ordinal} ${what}`.slice(0, 120), { tags: ['node'] });
    for (const { name } of all.slice(0, Math.max(0, all.length + 1 - MAX_NODE_CHECKPOINTS))) await entity.removeCheckpoint(name);
  }

  #renewLater(): void {
    this.#renewal = this.#clock.after(RENEW_EVERY_MS, () => {
      this.#lease.renew().then(
        () => !this.#lost.signal.aborted && this.#renewLater(),
        () => this.#lost.abort(new WorkbenchError('REFUSED', `The run ${this.journal.id} was taken over by another process.`)),
      );
    });
  }
}

async function leaseOf(journal: Journal, { holder, waitMs }: { readonly holder: string; readonly waitMs: number }): Promise<Lease> {
  try {
    return await journal.entity.lease('run', { holder, ttlMs: LEASE_MS, waitMs });
  } catch (error) {
    if (!isHoldfastError(error, 'LEASE_HELD')) throw error;
    const message = `The run ${journal.id} is run by ${error.data.holder}; wait for it, or until its process is known to be dead, in ${LEASE_MS / 1_000} s.`;
    throw new WorkbenchError('REFUSED', message, { cause: error });
  }
}

/** Takes back what came after the last checkpoint. */
async function rewind({ entity }: Journal): Promise<string | undefined> {
  const last = (await entity.checkpoints()).toSorted((a, b) => b.seq - a.seq)[0];
  if (last) await entity.restore(last);
  return last?.name;
}

/** What was running when its process died is to be done again. */
function begin(draft: JournalRecord, title: string | undefined): void {
  draft.status = 'running';
  if (title !== undefined) draft.title = title;
  for (const node of Object.values(draft.nodes)) if (node.status === 'running') node.status = 'pending';
}
