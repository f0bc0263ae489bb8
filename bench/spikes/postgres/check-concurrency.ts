import assert from 'node:assert/strict';
import { crc32 } from 'node:zlib';
import type pg from 'pg';
import { commitBatch, increment, makeCommit } from './commit-batch.ts';
import { Feed, readLog } from './feed.ts';
import { ReplyCutter } from './reply-cutter.ts';
import type { PostgresServer } from './server.ts';

const CONNECTIONS = 4;
const INCREMENTS = 250;

/** Makes one entity per id and answers their eids. */
export async function createEntities(client: pg.Client, schema: string, ids: readonly string[]): Promise<number[]> {
  const result = await commitBatch(
    client,
    schema,
    ids.map((id, i) => makeCommit({ creates: [{ ref: -1 - i, scope: 'conversation', id }] })),
  );
  assert.ok(result.ok);
  return ids.map((_, i) => result.created.find(({ ref }) => ref === -1 - i)!.eid);
}

/** Increments until it was written, from wherever the state is. Answers how often another writer came first. */
async function incrementUntilWritten(
  client: pg.Client,
  schema: string,
  eid: number,
  version: number,
): Promise<{ version: number; conflicts: number }> {
  for (let conflicts = 0; ; conflicts++) {
    const result = await commitBatch(client, schema, [increment(eid, version)]);
    if (result.ok) return { version: version + 1, conflicts };
    assert.ok(result.refusal.kind === 'conflict', result.refusal.kind);
    version = result.refusal.actual;
  }
}

/** Writers on four connections and a feed on a fifth, whose connection is killed three times on the way. */
export async function checkConcurrentWriters(server: PostgresServer, schema: string): Promise<string> {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => server.connect()));
  const [admin] = clients as [pg.Client, ...pg.Client[]];
  const [eid] = (await createEntities(admin, schema, ['counter'])) as [number];
  await using feed = new Feed(() => server.connect(), schema);
  await feed.start();
  const killer = await server.connect();
  let conflicts = 0;
  await Promise.all(
    clients.map(async (client, writer) => {
      let version = 0;
      for (let n = 0; n < INCREMENTS; n++) {
        const done = await incrementUntilWritten(client, schema, eid, version);
        version = done.version;
        conflicts += done.conflicts;
        if (writer === 0 && [60, 120, 180].includes(n)) await killer.query('SELECT pg_terminate_backend($1)', [feed.backendPid]);
      }
    }),
  );
  const total = CONNECTIONS * INCREMENTS;
  const { rows } = await admin.query<Row>(
    `SELECT version::int, seq::int, sum, def_version AS "defVersion", kind, body FROM ${schema}.change WHERE eid = $1 ORDER BY seq`,
    [eid],
  );
  assert.deepEqual(
    rows.map(({ version }) => version),
    range(1, total),
    'every version once, in the order of seq',
  );
  assert.deepEqual(
    rows.map(({ seq }) => seq),
    range(rows[0]!.seq, total),
    'seq without gaps',
  );
  for (const { version, sum, defVersion, kind, body } of rows)
    assert.equal(Number(sum), crc32(body, crc32([eid, 'count', version, defVersion, kind].join('\x1f'))));
  await feed.reaches(rows.at(-1)!.seq);
  assert.deepEqual(
    feed.seen.map(({ seq }) => seq),
    range(1, rows.at(-1)!.seq),
    'the feed saw every seq once, in order',
  );
  assert.ok(
    feed.seen.slice(-total).every((commit, i) => commit.changes[0]?.version === i + 1),
    'with its change',
  );
  assert.ok(feed.reconnects >= 3, 'its connection was cut');
  await Promise.all([...clients, killer].map((client) => client.end()));
  return `${CONNECTIONS} connections x ${INCREMENTS} increments: version ${total}, dense, ${conflicts} conflicts re-run; feed saw every seq over ${feed.reconnects} reconnects`;
}

/** A reply that is lost after the commit, and a request that is lost before it. */
export async function checkLostReply(server: PostgresServer, schema: string): Promise<string> {
  const direct = await server.connect();
  await using proxy = new ReplyCutter(server.port);
  const port = await proxy.listen();
  const eids = await createEntities(
    direct,
    schema,
    Array.from({ length: 64 }, (_, i) => `lost-${i}`),
  );
  const batch = eids.map((eid) => increment(eid, 0));
  const sendThrough = async (next: typeof proxy.next): Promise<void> => {
    const client = await server.connect(port);
    proxy.next = next;
    await assert.rejects(commitBatch(client, schema, batch));
  };
  await sendThrough('lose-request');
  assert.equal(await headVersion(direct, schema, eids[0]!), 0);
  await sendThrough('lose-reply');
  assert.equal(await headVersion(direct, schema, eids[0]!), 1, 'it was committed');

  const answer = await commitBatch(direct, schema, batch);
  assert.ok(!answer.ok && answer.index === 0 && answer.refusal.kind === 'already');
  const first = answer.refusal.seq;
  const { rows } = await direct.query<{ id: string }>(`SELECT commit_id AS id FROM ${schema}.commit WHERE seq >= $1 ORDER BY seq`, [first]);
  assert.deepEqual(
    rows.map(({ id }) => id),
    batch.map(({ commitId }) => commitId),
    'the others follow it: one answer settles the batch',
  );
  assert.equal(await headVersion(direct, schema, eids[63]!), 1, 'nothing was applied twice');
  await direct.end();
  return `reply lost after COMMIT: the batch re-sent answers "already" with the first seq, the others follow it; request lost before: nothing written`;
}

/** Each commit on another connection that is wiped between, as behind a transaction pooler. */
export async function checkPoolerDiscipline(server: PostgresServer, schema: string): Promise<string> {
  const backends = await Promise.all([server.connect(), server.connect(), server.connect()]);
  const [eid] = (await createEntities(backends[0], schema, ['pooled'])) as [number];
  for (let n = 0; n < 30; n++) {
    const backend = backends[n % 3]!;
    const durability = n % 2 ? 'written' : 'synced';
    assert.ok((await commitBatch(backend, schema, [increment(eid, n, { durability })])).ok);
    const { rows } =
      await backend.query(`SELECT current_setting('synchronous_commit') AS sync, (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory') AS locks,
      (SELECT count(*)::int FROM pg_prepared_statements) AS prepared, (SELECT count(*)::int FROM pg_listening_channels()) AS channels`);
    assert.deepEqual(rows[0], { sync: 'on', locks: 0, prepared: 0, channels: 0 });
    await backend.query('DISCARD ALL');
  }
  await backends[0].query('BEGIN ISOLATION LEVEL REPEATABLE READ');
  await assert.rejects(commitBatch(backends[0], schema, [increment(eid, 30)]), { code: '25000' });
  await Promise.all(backends.map((client) => client.end()));
  return 'transaction pooler: 30 commits over 3 wiped sessions; no lock, setting, statement or channel stays; REPEATABLE READ is refused';
}

/** Text at the edges: what goes through unchanged, and what Postgres cannot store although the port lets it through. */
export async function checkText(client: pg.Client, schema: string): Promise<string> {
  const [eid] = (await createEntities(client, schema, ['text'])) as [number];
  const [meta, body] = [{ cause: 'a\0b', trace: 'half \ud800' }, JSON.stringify({ text: 'a\0b \ud800 \u{1F378}' })];
  const written = await commitBatch(client, schema, [
    increment(eid, 0, { meta, changes: [{ eid, state: 'count', version: 1, defVersion: 1, kind: 'full', body }] }),
  ]);
  assert.ok(written.ok);
  const [logged] = await readLog(client, schema, written.seqs[0]! - 1);
  assert.partialDeepStrictEqual(logged, { ...meta, changes: [{ body }] });

  const longKey = Array.from({ length: 1_000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7_919) % 20_000))).join('');
  await assert.rejects(commitBatch(client, schema, [makeCommit({ puts: [{ eid, collection: 'note', key: longKey, body: '1' }] })]), {
    code: '54000',
  });
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM (VALUES ('\u{1F378}'), ('\uFF21')) AS t (id) ORDER BY id COLLATE "C"`,
  );
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['\uFF21', '\u{1F378}'],
  );
  return 'text: NUL and half pairs in bodies and meta come back; COLLATE "C" is order by code point; misfit: a key of 3,000 bytes is refused (54000)';
}

interface Row {
  readonly version: number;
  readonly seq: number;
  readonly sum: string;
  readonly defVersion: number;
  readonly kind: string;
  readonly body: string;
}

async function headVersion(client: pg.Client, schema: string, eid: number): Promise<number> {
  const { rows } = await client.query<{ version: number }>(`SELECT version::int FROM ${schema}.head WHERE eid = $1`, [eid]);
  return rows[0]?.version ?? 0;
}

function range(from: number, length: number): number[] {
  return Array.from({ length }, (_, i) => from + i);
}
