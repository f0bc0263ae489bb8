import assert from 'node:assert/strict';
import { isHoldfastError, StateManager } from 'holdfast';
import { postgres, type PostgresClient } from 'holdfast/postgres';
import type { Store } from 'holdfast/store';
import pg from 'pg';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { CommitCutter } from '../support/commit-cutter.ts';
import { Counter } from '../support/counter.ts';
import { openPostgres } from '../support/open-postgres.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { creation } from '../support/store-records.ts';

const url = inject('postgresUrl');
const admin = new pg.Pool({ connectionString: url });
afterAll(() => admin.end());

const range = (length: number): number[] => Array.from({ length }, (_, index) => index + 1);

async function manager(store: Store): Promise<StateManager> {
  const state = await StateManager.open({ store, retryForMs: 60_000 });
  onTestFinished(() => state.close());
  return state;
}

async function increment(state: StateManager, times: number): Promise<number[]> {
  const counter = await state.global().get(Counter);
  const versions: number[] = [];
  for (let done = 0; done < times; done += 1)
    versions.push((await counter.update((draft) => void (draft.count += 1))).versions[0]?.version as number);
  return versions;
}

describe('connections that break', () => {
  test('lose no commit and write none twice: three processes increment while every fifth commit is cut', async () => {
    const cutters = range(3).map(() => new CommitCutter(Number(new URL(url).port), { every: 5 }));
    const managers: StateManager[] = [];
    for (const cutter of cutters) {
      onTestFinished(() => cutter[Symbol.asyncDispose]());
      const proxied = new URL(url);
      proxied.port = String(await cutter.listen());
      managers.push(await manager(openPostgres(proxied.href, 'cut')));
    }
    const versions = await Promise.all(managers.map((state) => increment(state, 40)));
    expect(versions.flat().toSorted((a, b) => a - b)).toEqual(range(120));
    const reader = await manager(openPostgres(url, 'cut'));
    expect((await reader.global().get(Counter)).current.count).toBe(120);
    const { rows } = await admin.query<{ version: string }>('SELECT version FROM cut.change ORDER BY seq');
    expect(rows.map(({ version }) => Number(version))).toEqual(range(120));
    for (const { lostReplies, lostRequests } of cutters) expect(Math.min(lostReplies, lostRequests)).toBeGreaterThan(0);
  }, 60_000);

  test('keep no commit from a feed: it sees every seq once and in order, whose listening connection is terminated three times', async () => {
    const writer = await manager(openPostgres(url, 'feed'));
    const reader = await manager(openPostgres(url, 'feed', { pollMs: 600_000 }));
    const feed = reader.changes({ since: 0 });
    const seen: number[] = [];
    let terminated = 0;
    const counter = await writer.global().get(Counter);
    while (seen.length < 60) {
      const next = feed.next();
      await counter.update((draft) => void (draft.count += 1));
      const { value } = await next;
      assert.ok(value);
      seen.push(value.seq);
      if (seen.length % 20 === 10) {
        const { rowCount } = await admin.query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN "holdfast:feed"'`,
        );
        terminated += rowCount ?? 0;
      }
    }
    expect(seen).toEqual(range(60));
    expect(terminated).toBeGreaterThanOrEqual(3);
  }, 60_000);

  test('are noticed by a store that only polls', async () => {
    const [writer, reader] = [openPostgres(url, 'polled'), postgres({ client: admin, schema: 'polled', pollMs: 10 })];
    for (const store of [writer, reader]) {
      await store.open();
      onTestFinished(() => store.close());
    }
    const moved = Promise.withResolvers<void>();
    reader.signal(moved.resolve);
    await writer.commit([creation('a')]);
    await moved.promise;
    expect((await reader.log(0, {}, 10)).seq).toBe(1);
  });
});

/** As behind a transaction pooler: each statement goes to another session, which is wiped after it. */
async function wipedSessions(): Promise<PostgresClient> {
  const sessions = await Promise.all(
    range(3).map(async () => {
      const session = new pg.Client(url);
      await session.connect();
      onTestFinished(() => session.end());
      return session;
    }),
  );
  let turn = 0;
  return {
    query: async (text, values) => {
      const session = sessions[(turn += 1) % sessions.length] as pg.Client;
      const result = session.query<Record<string, unknown>>(text, values);
      const wiped = session.query('DISCARD ALL');
      const { rows } = await result;
      await wiped;
      return { rows };
    },
  };
}

test('works behind a transaction pooler and leaves nothing in a session', async () => {
  const client = await wipedSessions();
  const state = await manager(postgres({ client, schema: 'pooled', pollMs: 50 }));
  expect(await increment(state, 30)).toEqual(range(30));
  // Of this schema: others of the server may be locked by whoever tests them.
  const { rows } = await admin.query(
    `SELECT count(*)::integer AS locks FROM pg_locks
      WHERE locktype = 'advisory' AND (classid::bigint << 32 | objid::bigint) = hashtextextended('holdfast:pooled', 0)`,
  );
  expect(rows).toEqual([{ locks: 0 }]);
  const session = new pg.Client(url);
  await session.connect();
  onTestFinished(() => session.end());
  const store = postgres({ client: session, schema: 'pooled' });
  await store.open();
  onTestFinished(() => store.close());
  await store.commit([{ ...creation('a'), durability: 'written' }]);
  const settings = await session.query(
    `SELECT current_setting('synchronous_commit') AS sync, current_setting('lock_timeout') AS wait, (SELECT count(*)::integer FROM pg_prepared_statements) AS prepared`,
  );
  expect(settings.rows).toEqual([{ sync: 'on', wait: '0', prepared: 0 }]);
});

/** A store that waits for no more than 500 ms, whose schema is there already. */
async function openLate(schema: string, client: PostgresClient): Promise<Store> {
  const [patient, hasty] = [postgres({ client: admin, schema }), postgres({ client, schema, statementTimeoutMs: 500 })];
  await patient.open();
  await patient.close();
  await hasty.open();
  onTestFinished(() => hasty.close());
  return hasty;
}

describe('a call that takes too long', () => {
  test('is STORE_UNAVAILABLE with nothing written when another writer keeps the lock, and goes through afterwards', async () => {
    const store = await openLate('slow', admin);
    const holder = await admin.connect();
    await holder.query(`SELECT pg_advisory_lock(hashtextextended('holdfast:slow', 0))`);
    await assert.rejects(
      store.commit([creation('a')]),
      (error) => isHoldfastError(error, 'STORE_UNAVAILABLE') && error.data.outcome === 'not-written',
    );
    await holder.query('SELECT pg_advisory_unlock_all()');
    holder.release();
    expect((await store.commit([creation('a')])).ok).toBe(true);
  });

  test('is STORE_UNAVAILABLE with an unknown outcome when no answer comes', async () => {
    let isStuck = false;
    const client: PostgresClient = {
      query: async (text, values) => {
        if (isStuck) return await new Promise<never>(() => undefined);
        return { rows: (await admin.query<Record<string, unknown>>(text, values)).rows };
      },
    };
    const store = await openLate('stuck', client);
    isStuck = true;
    await expect(store.commit([creation('a')])).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', data: { outcome: 'unknown' } });
    await expect(store.heads(1)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', data: { outcome: 'not-written' } });
  });
});

test('has every acknowledged synced commit after the server was killed, and goes on', async () => {
  await using server = await startPostgres();
  const state = await manager(openPostgres(server.url, 'crash'));
  const counter = await state.global().get(Counter);
  let acknowledged = 0;
  let hasCrashed = false;
  const writing = (async () => {
    while (!hasCrashed) {
      await counter
        .update((draft) => void (draft.count += 1))
        .then(
          ({ versions }) => (acknowledged = versions[0]?.version as number),
          () => undefined,
        );
    }
  })();
  while (acknowledged < 50) await new Promise(setImmediate);
  const crashed = server.crash();
  await crashed;
  hasCrashed = true;
  await writing;
  const reader = await manager(openPostgres(server.url, 'crash'));
  const { version, current } = await reader.global().get(Counter);
  expect(version).toBeGreaterThanOrEqual(acknowledged);
  expect(current.count).toBe(version);
  expect(await increment(state, 1)).toEqual([version + 1]);
  await state.close();
  await reader.close();
}, 60_000);
