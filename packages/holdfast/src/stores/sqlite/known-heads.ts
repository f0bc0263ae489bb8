import type { Connection } from './connection.ts';
import type { HeadVersions } from './find-rows.ts';
import { lastSeq } from './write-log.ts';

/** When there are more, all are forgotten: what is not known is read. */
const MAX_HEADS = 1_024;

/** The newest seq and the heads that the last batches of a connection wrote: it would read the same for as long as nobody commits anything else. */
export class KnownHeads {
  readonly #heads = new Map<string, HeadVersions>();
  /** When it was true, by the connection's count of what others commit, and of what it commits itself. */
  #stamp = 0;
  #writes = 0;
  #seq = 0;

  /** The log's newest seq; forgets what anything but a batch may have changed. To be called at the beginning of a write transaction. */
  lastSeq(db: Connection): number {
    const stamp = db.stamp();
    if (stamp === this.#stamp && db.writes === this.#writes) return this.#seq;
    this.#heads.clear();
    this.#seq = lastSeq(db);
    this.#stamp = stamp;
    this.#writes = db.writes;
    return this.#seq;
  }

  find(eid: number, state: string): HeadVersions | undefined {
    return this.#heads.get(nameOf(eid, state));
  }

  /** What a batch found and wrote, once it is committed and counted. */
  learn(db: Connection, seq: number, heads: ReadonlyMap<number, ReadonlyMap<string, HeadVersions>>): void {
    this.#seq = seq;
    this.#writes = db.writes;
    if (this.#heads.size > MAX_HEADS) this.#heads.clear();
    for (const [eid, states] of heads) {
      for (const [state, { version, oldest }] of states) this.#heads.set(nameOf(eid, state), { version, oldest });
    }
  }
}

function nameOf(eid: number, state: string): string {
  return `${eid} ${state}`;
}
