/**
 * Measures one Postgres with 10,000, 100,000 and 1,000,000 conversations against the same server's store of 1,000, by turns:
 * `node -C holdfast-source bench/scale/run.ts [sizes]`. Takes about half an hour and 5 GB in BENCH_DIR, which are given back. Written to bench/results/scale.json.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchPostgres } from '../postgres-server.ts';
import { quantile } from '../quantile.ts';
import { StoreOfConversations } from './store-of-conversations.ts';

const SMALL = 1_000;
const TIMES = { read: 300, commit: 300, feed: 200, sweep: 9, open: 9 };

const sizes = (process.argv[2] ?? '10000,100000,1000000').split(',').map(Number);
const server = new BenchPostgres();
await server.start();
const small = new StoreOfConversations(server.url, 'small');
const large = new StoreOfConversations(server.url, 'large');
const results: object[] = [];
try {
  await Promise.all([small.open(), large.open()]);
  await grow(small, SMALL);
  await small.vacuum();
  for (const size of sizes) {
    const loading = performance.now();
    await grow(large, size);
    const loadedMs = performance.now() - loading;
    await large.vacuum();
    results.push({ size, loadedMs, ...(await measure()), bytes: await large.bytes(), smallBytes: await small.bytes() });
    console.log(JSON.stringify(results.at(-1)));
    mkdirSync(join(import.meta.dirname, '../results'), { recursive: true });
    writeFileSync(join(import.meta.dirname, '../results/scale.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  }
} finally {
  await small.close();
  await large.close();
  await server.stop();
}

async function grow(store: StoreOfConversations, to: number): Promise<void> {
  let told = 0;
  await store.grow(to, (count) => {
    if (count < to && performance.now() - told < 10_000) return;
    told = performance.now();
    process.stderr.write(`${count.toLocaleString('en')} of ${to.toLocaleString('en')} conversations\n`);
  });
}

async function measure(): Promise<object> {
  const read = await alternate(TIMES.read, (store) => store.read());
  const commit = await alternate(TIMES.commit, (store) => store.commit());
  const followers = new Map([
    [small, await small.follow()],
    [large, await large.follow()],
  ]);
  const feed = await alternate(TIMES.feed, (store) => store.feed(followers.get(store)!));
  for (const follower of followers.values()) await follower.stop();
  const sweep = await alternate(TIMES.sweep, (store) => store.sweep());
  const open = await alternate(TIMES.open, async (store) => {
    await store.close();
    return await store.open();
  });
  for (const store of [small, large]) await store.close();
  const start = performance.now();
  await server.restart();
  const restartMs = performance.now() - start;
  const afterRestart = { large: await large.open(), small: await small.open() };
  return { read, commit, feed, sweep, open, restartMs, afterRestart };
}

/** Figures of both stores in ms, and the median of the ratios of turns that followed each other. */
async function alternate(times: number, work: (store: StoreOfConversations) => Promise<number>): Promise<object> {
  const figures = { small: [] as number[], large: [] as number[] };
  await work(small);
  await work(large);
  for (let turn = 0; turn < times; turn += 1) {
    const order = turn % 2 === 0 ? (['small', 'large'] as const) : (['large', 'small'] as const);
    for (const name of order) figures[name].push(await work(name === 'small' ? small : large));
  }
  const ratios = figures.large.map((figure, turn) => figure / (figures.small[turn] ?? Number.NaN));
  return { small: summarise(figures.small), large: summarise(figures.large), ratio: quantile(ratios, 0.5) };
}

function summarise(values: readonly number[]): object {
  return { p50: quantile(values, 0.5), p99: quantile(values, 0.99) };
}
