import type { Connection } from './connection.ts';
import type { HeadVersions } from './find-rows.ts';
import { lastSeq } from './write-log.ts';

/** When there are more, all are forgotten: what is not known is read. */
const MAX_HEADS = 1_024;

/** The newest seq and the heads that a connection wrote last: it would read the same for as long as nobody else commits. */
export class KnownHeads {
  readonly #heads = new Map<number, Map<string, HeadVersions>>();
  #size = 0;
  #stamp = 0;
  #seq = 0;

  /** The log's newest seq; forgets what somebody else may have changed. To be called at the beginning of a write transaction. */
  lastSeq(db: Connection): number {
    const stamp = db.stamp();
    if (stamp === this.#stamp) return this.#seq;
    this.forget();
    this.#seq = lastSeq(db);
    this.#stamp = stamp;
    return this.#seq;
  }

  find(eid: number, state: string): HeadVersions | undefined {
    return this.#heads.get(eid)?.get(state);
  }

  /** What a transaction found and wrote, once it is committed. */
  learn(seq: number, heads: ReadonlyMap<number, ReadonlyMap<string, HeadVersions>>): void {
    this.#seq = seq;
    if (this.#size > MAX_HEADS) this.#forgetHeads();
    for (const [eid, states] of heads) {
      const known = this.#heads.get(eid) ?? new Map<string, HeadVersions>();
      this.#heads.set(eid, known);
      this.#size -= known.size;
      for (const [state, { version, oldest }] of states) known.set(state, { version, oldest });
      this.#size += known.size;
    }
  }

  /** To be called after whatever else the connection writes. */
  forget(): void {
    this.#stamp = 0;
    this.#forgetHeads();
  }

  #forgetHeads(): void {
    this.#heads.clear();
    this.#size = 0;
  }
}
