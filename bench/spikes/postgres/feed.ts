import type { CommitMeta, Drop, LoggedChange, LoggedCommit } from 'holdfast/store';
import type pg from 'pg';

const PAGE = 256;

interface LogRow extends Omit<LoggedChange, 'eid' | 'version'> {
  readonly seq: string;
  readonly commitId: string;
  readonly at: string;
  readonly meta: string;
  readonly drops: readonly Drop[] | null;
  readonly eid: string | null;
  readonly version: string;
}

/** One statement, so that a page never shows a commit without its changes. Plain rows: building JSON there cost more than the commits. */
export async function readLog(client: pg.Client, schema: string, since: number, limit = PAGE): Promise<readonly LoggedCommit[]> {
  const { rows } = await client.query<LogRow>(
    `SELECT c.seq, c.commit_id AS "commitId", c.at, c.meta, c.drops, v.eid, e.scope, e.id, v.state, v.version, v.def_version AS "defVersion", v.kind, v.body
       FROM (SELECT * FROM ${schema}.commit WHERE seq > $1 ORDER BY seq LIMIT $2) c
       LEFT JOIN ${schema}.change v ON v.seq = c.seq LEFT JOIN ${schema}.entity e ON e.eid = v.eid ORDER BY c.seq, v.eid, v.state`,
    [since, limit],
  );
  const commits = new Map<string, LoggedCommit & { readonly changes: LoggedChange[] }>();
  for (const { seq, commitId, at, meta, drops, eid, version, scope, id, state, defVersion, kind, body } of rows) {
    let commit = commits.get(seq);
    if (!commit) {
      commit = { ...(JSON.parse(meta) as CommitMeta), seq: Number(seq), commitId, at: Number(at), drops: drops ?? [], changes: [] };
      commits.set(seq, commit);
    }
    if (eid !== null) commit.changes.push({ eid: Number(eid), scope, id, state, version: Number(version), defVersion, kind, body });
  }
  return [...commits.values()];
}

/**
 * Follows the log of a store on a connection of its own. A notification only says "look"; the log says what. When the
 * connection breaks, another one continues from the last seq that was seen.
 */
export class Feed implements AsyncDisposable {
  readonly seen: LoggedCommit[] = [];
  reconnects = 0;
  readonly #connect: () => Promise<pg.Client>;
  readonly #schema: string;
  #client: pg.Client | undefined;
  #closed = false;
  #wake: () => void = () => undefined;
  #looked = false;
  #done: Promise<void> = Promise.resolve();
  #waiting: { seq: number; resolve: () => void } | undefined;

  constructor(connect: () => Promise<pg.Client>, schema: string) {
    this.#connect = connect;
    this.#schema = schema;
  }

  get seq(): number {
    return this.seen.at(-1)?.seq ?? 0;
  }

  /** The backend that serves this feed, for whoever wants to kill it. */
  get backendPid(): number {
    return (this.#client as unknown as { processID: number }).processID;
  }

  async start(): Promise<void> {
    await this.#listen();
    this.#done = this.#follow();
  }

  /** Resolves when the feed has seen the commit of that seq. */
  reaches(seq: number): Promise<void> {
    if (this.seq >= seq) return Promise.resolve();
    return new Promise((resolve) => (this.#waiting = { seq, resolve }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#look();
    await this.#done;
    await this.#client?.end();
  }

  async #listen(): Promise<void> {
    const client = await this.#connect();
    client.on('notification', () => this.#look());
    client.on('end', () => {
      if (this.#client === client) this.#client = undefined;
      this.#look();
    });
    this.#client = client;
    // Listening begins before the log is read: what is committed in between is seen by both.
    await client.query(`LISTEN ${this.#schema}`);
    this.#looked = true;
  }

  async #follow(): Promise<void> {
    while (!this.#closed) {
      if (!this.#looked) await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#looked = false;
      if (this.#closed) return;
      try {
        if (!this.#client) {
          this.reconnects++;
          await this.#listen();
        }
        await this.#drain();
      } catch {
        // The connection broke while it was used: its `end` event wakes the loop, which connects again.
        this.#looked = this.#client === undefined;
      }
    }
  }

  async #drain(): Promise<void> {
    for (;;) {
      const client = this.#client;
      if (!client) return;
      const page = await readLog(client, this.#schema, this.seq);
      this.seen.push(...page);
      if (this.#waiting && this.seq >= this.#waiting.seq) this.#waiting.resolve();
      if (page.length < PAGE) return;
    }
  }

  #look(): void {
    this.#looked = true;
    this.#wake();
  }
}
