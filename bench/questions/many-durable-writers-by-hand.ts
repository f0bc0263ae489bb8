import { randomUUID } from 'node:crypto';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { sqlite } from 'holdfast/sqlite';
import { BenchDirectory, BenchTallies, writersAtOnce } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';

const WRITERS = 64;

/**
 * What somebody writes by hand who knows that all commits are increments of states that exist, into the same tables with the same safety: one transaction for
 * all writers, a version check for each, change and commit. No other kinds of refusal, no recipes, schemas, queues or answers to anybody.
 */
class BatchByHand {
  readonly #directory = new BenchDirectory();
  readonly #versions = Array.from({ length: WRITERS }, () => 1);
  #db: DatabaseSync | undefined;
  #statements: Record<'head' | 'move' | 'change' | 'commit', StatementSync> | undefined;
  #seq = 0;

  async open(): Promise<void> {
    const path = this.#directory.file('bench.db');
    const store = sqlite(path);
    await store.open();
    await store.close();
    const db = new DatabaseSync(path);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000');
    for (let eid = 1; eid <= WRITERS; eid += 1)
      db.exec(`INSERT INTO head (eid, state, version, oldest, sum) VALUES (${eid}, 'tally', 1, 1, 0)`);
    this.#db = db;
    this.#statements = {
      head: db.prepare('SELECT version FROM head WHERE eid = ? AND state = ?'),
      move: db.prepare('INSERT OR REPLACE INTO head (eid, state, version, oldest, sum) VALUES (?, ?, ?, 1, ?)'),
      change: db.prepare('INSERT INTO change (eid, state, version, seq, def_version, kind, body, sum) VALUES (?, ?, ?, ?, 1, ?, ?, ?)'),
      commit: db.prepare('INSERT INTO commit_log (seq, commit_id, at, meta, sum) VALUES (?, ?, ?, ?, ?)'),
    };
  }

  /** Moves every tally on by one. */
  commit(): void {
    const { head, move, change, commit } = this.#statements!;
    this.#db!.exec('BEGIN IMMEDIATE');
    for (const [index, version] of this.#versions.entries()) {
      const [eid, next, at, commitId] = [index + 1, version + 1, Date.now(), randomUUID()];
      if ((head.get(eid, 'tally') as { version: number }).version !== version) throw new Error('the version had moved');
      this.#seq += 1;
      const body = JSON.stringify([['replace', ['count'], next]]);
      change.run(
        eid,
        'tally',
        next,
        this.#seq,
        'patch',
        body,
        crc32(body, crc32([eid, 'tally', next, this.#seq, 1, 'patch'].join('\u001f'))),
      );
      const meta = JSON.stringify({ changes: [[eid, 'tally', next]] });
      commit.run(this.#seq, commitId, at, meta, crc32(meta, crc32([this.#seq, commitId, at].join('\u001f'))));
      move.run(eid, 'tally', next, crc32('1', crc32([eid, 'tally', next].join('\u001f'))));
      this.#versions[index] = next;
    }
    this.#db!.exec('COMMIT');
  }

  close(): void {
    this.#db?.close();
    this.#directory.remove();
  }
}

const tallies = new BenchTallies();
const byHand = new BatchByHand();

/** 64 writers at once, whose commits share batches, against one loop that writes the same 64 rows in each transaction. */
export const question: BenchQuestion = {
  title: '64 writers, durable commits, by hand',
  unit: 'per second',
  sides: [
    {
      name: 'holdfast, at once',
      open: () => tallies.open(WRITERS),
      round: ({ quick }) => writersAtOnce(tallies, quick ? 10 : 50),
      close: () => tallies.close(),
    },
    {
      name: 'hand-written batch',
      target: { atLeast: 0.8 },
      open: () => byHand.open(),
      round: ({ quick }) => {
        const times = quick ? 10 : 50;
        const start = performance.now();
        for (let done = 0; done < times; done += 1) byHand.commit();
        return (WRITERS * times * 1_000) / (performance.now() - start);
      },
      close: () => byHand.close(),
    },
  ],
};
