import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';
import { inTransaction, openOwnDatabase } from '../../own-database.ts';
import { isoTime } from '../../zoned-time.ts';
import type { SlackMessage, SlackUser } from './slack-message.ts';
import { SLACK_TABLES } from './slack-tables.ts';

/** How long a name is believed. */
const USER_LIFE_MS = 86_400_000;
/** Of a channel; the oldest go. */
const MOST_MESSAGES = 100_000;

export interface KeptMessage extends SlackMessage {
  readonly channel: string;
  /** Null while it is not known. */
  readonly user_name: string | null;
}

export interface ChannelCursor {
  readonly channel: string;
  readonly ts: string;
  readonly read_at: string;
}

/** What was said in Slack, up to where each channel was read, and who is who, in `slack_state.db`. */
export class SlackHistory implements Disposable {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  /** @throws {WorkbenchError} UNAVAILABLE, REFUSED. */
  constructor({ path, clock }: { readonly path: string; readonly clock: Clock }) {
    this.#db = openOwnDatabase({ name: 'slack', path, versions: SLACK_TABLES });
    this.#clock = clock;
  }

  /** Up to where a channel was read. */
  cursor(channel: string): string | undefined {
    return this.#db.prepare('SELECT ts FROM slack_cursor WHERE channel = ?').get(channel)?.['ts'] as string | undefined;
  }

  cursors(): readonly ChannelCursor[] {
    return this.#db.prepare('SELECT channel, ts, read_at FROM slack_cursor ORDER BY channel').all() as unknown as readonly ChannelCursor[];
  }

  /** Keeps what was read of a channel together with up to where that was, so that nothing is missed or kept twice. Gives how many messages are new. */
  add(channel: string, messages: readonly SlackMessage[], readUpTo: string): number {
    return inTransaction(this.#db, () => {
      const put = `INSERT INTO slack_message (channel, ts, user, text, thread_ts) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET text = excluded.text WHERE text <> excluded.text`;
      const known = this.#db.prepare('SELECT 1 FROM slack_message WHERE channel = ? AND ts = ?');
      const insert = this.#db.prepare(put);
      let added = 0;
      for (const { ts, user, text, thread_ts } of messages) {
        if (!known.get(channel, ts)) added += 1;
        insert.run(channel, ts, user, text, thread_ts);
      }
      const move =
        'INSERT INTO slack_cursor VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET ts = max(ts, excluded.ts), read_at = excluded.read_at';
      this.#db.prepare(move).run(channel, readUpTo, isoTime(this.#clock.now()));
      const old =
        'DELETE FROM slack_message WHERE rowid IN (SELECT rowid FROM slack_message WHERE channel = ? ORDER BY ts DESC LIMIT -1 OFFSET ?)';
      this.#db.prepare(old).run(channel, MOST_MESSAGES);
      return added;
    });
  }

  /** Messages of a channel before a time, the newest first. */
  read(channel: string, { before, limit }: { readonly before?: string; readonly limit: number }): readonly KeptMessage[] {
    const rows = this.#db
      .prepare(`${MESSAGES} WHERE m.channel = ? AND m.ts < ? ORDER BY m.ts DESC LIMIT ?`)
      .all(channel, before ?? '9', limit);
    return rows as unknown as readonly KeptMessage[];
  }

  /** Messages that have all the words, or beginnings of words, the best match first. Signs are no operators. */
  search(words: string, limit: number): readonly KeptMessage[] {
    const terms = words.match(/[\p{L}\p{N}]+/gu) ?? [];
    if (terms.length === 0) return [];
    const search = `${MESSAGES} JOIN slack_message_text t ON t.rowid = m.rowid WHERE slack_message_text MATCH ? ORDER BY t.rank, m.ts DESC LIMIT ?`;
    return this.#db.prepare(search).all(terms.map((term) => `"${term}"*`).join(' '), limit) as unknown as readonly KeptMessage[];
  }

  /** Authors of messages whose names are not known, or not for sure any more. */
  unknownUsers(limit: number): readonly string[] {
    const select = `SELECT DISTINCT user FROM slack_message m LEFT JOIN slack_user u ON u.id = m.user
      WHERE m.user IS NOT NULL AND (u.id IS NULL OR u.read_at < ?) ORDER BY m.rowid DESC LIMIT ?`;
    return this.#db
      .prepare(select)
      .all(this.#clock.now() - USER_LIFE_MS, limit)
      .map(({ user }) => String(user));
  }

  /** Undefined names are remembered too, so that they are not asked for again. */
  rememberUser(id: string, user: SlackUser | undefined): void {
    const put = `INSERT INTO slack_user VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET name = excluded.name, real_name = excluded.real_name, read_at = excluded.read_at`;
    this.#db.prepare(put).run(id, user?.name ?? null, user?.real_name ?? null, this.#clock.now());
  }

  /** How much is kept. */
  counts(): { readonly messages: number; readonly users: number } {
    const count = (table: string): number => Number(this.#db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.['n']);
    return { messages: count('slack_message'), users: count('slack_user') };
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

const MESSAGES = `
  SELECT m.channel, m.ts, m.user, m.text, m.thread_ts, COALESCE(NULLIF(u.real_name, ''), u.name) AS user_name
  FROM slack_message m LEFT JOIN slack_user u ON u.id = m.user`;
