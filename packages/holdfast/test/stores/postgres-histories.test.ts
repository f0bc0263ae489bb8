import { expect, inject, onTestFinished, test } from 'vitest';
import { CommitCutter } from '../support/commit-cutter.ts';
import { assertExplained, recordHistory } from '../support/histories/record-history.ts';
import { openPostgres } from '../support/open-postgres.ts';

test('three processes whose connections are cut are explained by one order of all they did', async () => {
  const url = new URL(inject('postgresUrl'));
  const cutters = [7, 11, 13].map((every) => new CommitCutter(Number(url.port), { every }));
  const drivers = [];
  for (const cutter of cutters) {
    onTestFinished(() => cutter[Symbol.asyncDispose]());
    const proxied = new URL(url);
    proxied.port = String(await cutter.listen());
    const module = new URL('../support/open-postgres.ts', import.meta.url).href;
    drivers.push({ module, factory: 'openPostgres', args: [proxied.href, 'histories'] });
  }
  const history = await recordHistory({ drivers, store: () => openPostgres(url.href, 'histories'), operationsEach: 60 });
  for (const { lostReplies, lostRequests } of cutters) expect(lostReplies + lostRequests).toBeGreaterThan(0);
  expect(history.operations.filter(({ outcome }) => outcome === 'done').length).toBeGreaterThan(120);
  assertExplained(history);
}, 60_000);
