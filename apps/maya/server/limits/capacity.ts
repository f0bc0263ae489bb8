import type { StateManager } from 'holdfast';

export interface CapacityOptions {
  readonly state: StateManager;
  readonly maxSessions: number;
  /** Makes room by removing what has expired. */
  readonly sweep: () => Promise<unknown>;
  /** Epoch ms. */
  readonly clock: () => number;
}

const PAGE = 1_000;
/** A session that is not stored so long after it was let in does not come any more. */
const COMING_MS = 120_000;

/** How many sessions there are at once. Those that were let in and are not stored yet count too, so that many at the door are still counted. */
export class Capacity {
  readonly #options: CapacityOptions;
  /** When each session that is not stored yet was let in. */
  readonly #coming = new Map<string, number>();
  #door: Promise<unknown> = Promise.resolve();

  constructor(options: CapacityOptions) {
    this.#options = options;
  }

  /** Lets a session in, one at a time; false when the bar is full. Costs a walk over the ids of the sessions. */
  admit(sessionId: string): Promise<boolean> {
    const admitted = this.#door.then(() => this.#admit(sessionId));
    this.#door = admitted.catch(() => undefined);
    return admitted;
  }

  /** The session that was let in does not come. */
  leave(sessionId: string): void {
    this.#coming.delete(sessionId);
  }

  /** Stored sessions. */
  async count(): Promise<number> {
    return (await this.#stored()).size;
  }

  async #admit(sessionId: string): Promise<boolean> {
    const { maxSessions, sweep, clock } = this.#options;
    if ((await this.#taken()) >= maxSessions) {
      await sweep();
      if ((await this.#taken()) >= maxSessions) return false;
    }
    this.#coming.set(sessionId, clock());
    return true;
  }

  async #taken(): Promise<number> {
    const stored = await this.#stored();
    const since = this.#options.clock() - COMING_MS;
    for (const [id, at] of this.#coming) if (stored.has(id) || at < since) this.#coming.delete(id);
    return stored.size + this.#coming.size;
  }

  async #stored(): Promise<ReadonlySet<string>> {
    const ids = new Set<string>();
    for (let after: string | undefined; ;) {
      const page = await this.#options.state.list({ scope: 'conversation', limit: PAGE, ...(after !== undefined && { after }) });
      for (const { id } of page) ids.add(id);
      after = page.at(-1)?.id;
      if (page.length < PAGE) return ids;
    }
  }
}
