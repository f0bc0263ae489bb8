import { setTimeout as sleep } from 'node:timers/promises';
import { HoldfastError, isHoldfastError } from '../../errors/index.ts';
import type { Connection } from '../sqlite/connection.ts';
import type { Renderer, RenderResult } from './renderer.ts';
import { findBehind, findGone, type StateKey } from './rendered-rows.ts';
import type { Reporter } from './report.ts';

/** How long to wait for another process that renders the same file. */
const OVERTAKEN_FOR_MS = 10_000;

/** What one walk over the files that are behind came to. */
interface Round {
  readonly overtaken: number;
  /** Paths of files that hold what nobody knows yet. */
  readonly edited: readonly string[];
  readonly failures: readonly unknown[];
}

/** Brings all files to their heads, one walk at a time. */
export class Rendering {
  readonly #db: Connection;
  readonly #renderer: Renderer;
  readonly #report: Reporter;
  readonly #onEdited: (path: string) => Promise<void>;
  #running: Promise<unknown> = Promise.resolve();
  /** The first walk looks at places too: they may be others than when the store was last open. */
  #isFirst = true;
  /** What was reported of a state and still holds, so that it is said once. */
  readonly #reported = new Map<string, string>();

  /** `onEdited` finds out what is in a file that was edited. */
  constructor(options: { db: Connection; renderer: Renderer; report: Reporter; onEdited: (path: string) => Promise<void> }) {
    this.#db = options.db;
    this.#renderer = options.renderer;
    this.#report = options.report;
    this.#onEdited = options.onEdited;
  }

  /** Renders what is behind now. Whatever fails is reported and left for the next time. */
  async round(): Promise<Round> {
    const round = await this.#inTurn(() => this.#round());
    await Promise.all(round.edited.map((path) => this.#onEdited(path)));
    return round;
  }

  /** Renders one state, in its turn; `over` as of {@link Renderer.render}. */
  async one(key: StateKey, options: { readonly over?: string } = {}): Promise<RenderResult> {
    return await this.#inTurn(() => this.#renderer.render(key, options));
  }

  /**
   * Renders until every commit made before is in its file, except where an edit waits or no file can be.
   * @throws {HoldfastError} STORE_FULL, STORE_UNAVAILABLE, CORRUPT_STATE: what kept one from being written.
   */
  async flush(): Promise<void> {
    const deadline = performance.now() + OVERTAKEN_FOR_MS;
    for (;;) {
      const { overtaken, failures } = await this.round();
      if (failures.length > 0) throw failures[0];
      if (overtaken === 0 || performance.now() >= deadline) return;
      await sleep(5 + Math.random() * 20);
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#running.then(work);
    this.#running = next.catch(() => undefined);
    return await next;
  }

  async #round(): Promise<Round> {
    const edited: string[] = [];
    const failures: unknown[] = [];
    let overtaken = 0;
    const gone = await this.#db.read(() => findGone(this.#db));
    for (const row of gone) await this.#attempt(row, () => this.#renderer.remove(row), failures);
    const behind = await this.#db.read(() => findBehind(this.#db));
    const misplaced = this.#isFirst ? await this.#renderer.misplaced() : [];
    this.#isFirst = false;
    for (const key of [...misplaced, ...behind]) {
      await this.#attempt(
        key,
        async () => {
          const result = await this.#renderer.render(key);
          if (result.kind === 'overtaken') overtaken += 1;
          if (result.kind === 'edited') edited.push(result.path);
          this.#tell(key, result);
        },
        failures,
      );
    }
    return { overtaken, edited, failures };
  }

  async #attempt(key: StateKey, work: () => Promise<void>, failures: unknown[]): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (isHoldfastError(error, 'CLOSED')) throw error;
      const message = error instanceof Error ? error.message : String(error);
      this.#reportOnce(key, message, () =>
        this.#report({ kind: 'failed', path: '', message: `The file of the state ${key.state} could not be written: ${message}`, error }),
      );
      if (error instanceof HoldfastError) failures.push(error);
    }
  }

  #tell(key: StateKey, result: RenderResult): void {
    if (result.kind !== 'refused') {
      this.#reported.delete(nameOf(key));
      return;
    }
    const { path, address, message } = result;
    this.#reportOnce(key, message, () =>
      this.#report({ kind: 'refused', path, address, message: `The state ${key.state} is shown in no file: it ${message}.` }),
    );
  }

  #reportOnce(key: StateKey, message: string, report: () => void): void {
    const name = nameOf(key);
    if (this.#reported.get(name) === message) return;
    this.#reported.set(name, message);
    report();
  }
}

function nameOf({ eid, state }: StateKey): string {
  return `${eid}/${state}`;
}
