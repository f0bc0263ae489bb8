import type { Connection } from './connection.ts';
import { findHead } from './find-rows.ts';
import { lastSeq } from './write-log.ts';

/** When there are more, all are forgotten: what is not known is read. */
const MAX_HEADS = 1_024;

/** A state's head, as the batch under way has it. */
export interface Head {
  readonly eid: number;
  readonly state: string;
  /** The newest version; 0 when the state has none. */
  version: number;
  /** The first version whose change is kept. */
  oldest: number;
}

/**
 * The newest seq and the heads that the last batches of a connection met: it would read the same for as long as nobody commits anything else. A batch moves them
 * at once, and all are forgotten unless it is confirmed.
 */
export class KnownHeads {
  readonly #heads = new Map<number, Map<string, Head>>();
  #size = 0;
  /** A commit asks for the same one several times. */
  #last: Head | undefined;
  #seq = 0;
  /** When all this was true, by the connection's count of what others commit, and of what it commits itself. */
  #stamp = 0;
  #writes = 0;
  #isConfirmed = true;

  /** Begins a batch, within its transaction: forgets what anything but a batch may have changed. Answers the log's newest seq. */
  begin(db: Connection): number {
    const stamp = db.stamp();
    const isTrue = this.#isConfirmed && stamp === this.#stamp && db.writes === this.#writes;
    if (!isTrue || this.#size > MAX_HEADS) this.#forgetAll();
    if (!isTrue) this.#seq = lastSeq(db);
    this.#stamp = stamp;
    this.#isConfirmed = false;
    return this.#seq;
  }

  /** Reads what is not known. */
  head(db: Connection, eid: number, state: string): Head {
    if (this.#last?.eid === eid && this.#last.state === state) return this.#last;
    const states = this.#heads.get(eid) ?? new Map<string, Head>();
    let head = states.get(state);
    if (!head) {
      head = { eid, state, ...findHead(db, eid, state) };
      this.#heads.set(eid, states.set(state, head));
      this.#size += 1;
    }
    this.#last = head;
    return head;
  }

  /** Of an entity that the batch deletes. */
  forget(eid: number): void {
    this.#size -= this.#heads.get(eid)?.size ?? 0;
    this.#heads.delete(eid);
    this.#last = undefined;
  }

  /** The batch is committed and counted. */
  confirm(db: Connection, seq: number): void {
    this.#seq = seq;
    this.#writes = db.writes;
    this.#isConfirmed = true;
  }

  #forgetAll(): void {
    this.#heads.clear();
    this.#size = 0;
    this.#last = undefined;
  }
}
