import { utimesSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { sqlite } from 'holdfast/sqlite';
import { newCommitId } from 'holdfast/store';
import { BenchDirectory } from './bench-state.ts';

/**
 * What somebody writes by hand who knows that all commits are increments of states that exist, into the same tables with the same safety: one transaction for
 * all states, a version check for each, change and commit. No other kinds of refusal, no recipes, schemas, queues or answers to anybody.
 */
export class SqliteByHand {
  readonly #directory = new BenchDirectory();
  readonly #versions: number[];
  #db: DatabaseSync | undefined;
  #statements: Record<'head' | 'move' | 'change' | 'commit', StatementSync> | undefined;
  #seq = 0;

  /** Of so many states. */
  constructor(states: number) {
    this.#versions = Array.from({ length: states }, () => 1);
  }

  get path(): string {
    return this.#directory.file('bench.db');
  }

  /** Of the newest commit. */
  get seq(): number {
    return this.#seq;
  }

  async open(): Promise<void> {
    const store = sqlite(this.path);
    await store.open();
    await store.close();
    const db = new DatabaseSync(this.path);
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000');
    for (const index of this.#versions.keys())
      db.exec(`INSERT INTO head (eid, state, version, oldest, sum) VALUES (${index + 1}, 'tally', 1, 1, 0)`);
    this.#db = db;
    this.#statements = {
      head: db.prepare('SELECT version FROM head WHERE eid = ? AND state = ?'),
      move: db.prepare('INSERT OR REPLACE INTO head (eid, state, version, oldest, sum) VALUES (?, ?, ?, 1, ?)'),
      change: db.prepare('INSERT INTO change (eid, state, version, seq, def_version, kind, body, sum) VALUES (?, ?, ?, ?, 1, ?, ?, ?)'),
      commit: db.prepare('INSERT INTO commit_log (seq, commit_id, at, meta, sum) VALUES (?, ?, ?, ?, ?)'),
    };
  }

  /** Moves every state on by one. */
  commit(): void {
    const { head, move, change, commit } = this.#statements!;
    this.#db!.exec('BEGIN IMMEDIATE');
    for (const [index, version] of this.#versions.entries()) {
      const [eid, next, at, commitId] = [index + 1, version + 1, Date.now(), newCommitId()];
      if ((head.get(eid, 'tally') as { version: number }).version !== version) throw new Error('the version had moved');
      this.#seq += 1;
      const body = JSON.stringify([['replace', ['count'], next]]);
      const changeSum = crc32(body, crc32([eid, 'tally', next, this.#seq, 1, 'patch'].join('\u001f')));
      change.run(eid, 'tally', next, this.#seq, 'patch', body, changeSum);
      const meta = JSON.stringify({ changes: [[eid, 'tally', next]] });
      commit.run(this.#seq, commitId, at, meta, crc32(meta, crc32([this.#seq, commitId, at].join('\u001f'))));
      move.run(eid, 'tally', next, crc32('1', crc32([eid, 'tally', next].join('\u001f'))));
      this.#versions[index] = next;
    }
    this.#db!.exec('COMMIT');
  }

  /** Tells whoever watches the file. */
  touch(): void {
    const now = Date.now() / 1_000;
    utimesSync(this.path, now, now);
  }

  close(): void {
    this.#db?.close();
    this.#directory.remove();
  }
}
