import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CaseContext } from '../case-context.ts';
import { startChild } from '../child-process.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import type { ChildDriver } from '../harness.ts';
import { commitOf, createEntity, full, put, valueOf } from '../records.ts';

const PROCESSES = 4;

export function processCases(effort: number): readonly CaseDefinition[] {
  const times = 250 * effort;
  return [
    defineCase(
      'process-writers',
      `loses no update among ${PROCESSES} processes that add 1 ${times} times each`,
      async (context) => {
        const eid = await createEntity(context.store, 'one', {}, { changes: [full(-1, 1, '[0]', 'counter')] });
        const children = Array.from({ length: PROCESSES }, () => startChild('increment', driverOf(context), { eid, times }));
        for (const { exitCode, errors } of await Promise.all(children.map((child) => child.end()))) assert.equal(exitCode, 0, errors);
        const total = PROCESSES * times;
        assert.deepEqual(valueOf(await context.store.load(eid, 'counter')), [total]);
        const { commits } = await context.store.log(0, { state: 'counter' }, total + 10);
        assert.deepEqual(
          commits.map(({ seq }) => seq),
          Array.from({ length: total + 1 }, (_, index) => index + 1),
        );
        assert.deepEqual(
          commits.flatMap(({ changes }) => changes.map(({ version }) => version)),
          commits.map(({ seq }) => seq),
        );
      },
      ['shared', 'child'],
    ),
    defineCase(
      'process-lease',
      'fences off the holder of a lease that was stopped past its expiry',
      async (context) => {
        const { store } = context;
        const eid = await createEntity(store);
        const child = startChild('hold-lease', driverOf(context), { eid, ttlMs: 400 });
        assert.equal(await child.nextLine(), 'held');
        child.signal('SIGSTOP');
        const lease = { eid, collection: '$lease', key: 'turn' };
        const take = commitOf({
          requires: [{ ...lease, rev: 'absent' }],
          puts: [{ ...lease, body: '{"holder":"parent"}', ttlMs: 60_000 }],
        });
        for (let waitedMs = 0; !(await store.commit([take])).ok; waitedMs += 20) {
          assert.ok(waitedMs < 10_000, 'the lease of the stopped holder never expired');
          await sleep(20);
        }
        child.signal('SIGCONT');
        child.send('go on');
        const { lines, exitCode, errors } = await child.end();
        assert.deepEqual(lines, ['unmet'], errors);
        assert.equal(exitCode, 0, errors);
        assert.equal(await store.item(eid, 'things', 'by'), undefined);
      },
      ['shared', 'child'],
    ),
    defineCase(
      'process-signal',
      'calls back for the commits of another process',
      async (context) => {
        const eid = await createEntity(context.store, 'one', {}, { changes: [full(-1, 1, '[0]', 'counter')] });
        const seen = new Set<number>();
        const { promise, resolve } = Promise.withResolvers<void>();
        const unsubscribe = context.store.signal(() => {
          void context.store.log(0, {}, 100).then(({ seq }) => {
            seen.add(seq);
            if (seq >= 6) resolve();
          });
        });
        const child = startChild('increment', driverOf(context), { eid, times: 5 });
        const { exitCode, errors } = await child.end();
        assert.equal(exitCode, 0, errors);
        await Promise.race([promise, sleep(5_000, undefined, { ref: false })]);
        unsubscribe();
        assert.ok(seen.has(6), `signals led to ${[...seen].join(', ')}`);
      },
      ['shared', 'child'],
    ),
    defineCase(
      'process-exit',
      'keeps no process alive once it is closed',
      async (context) => {
        const eid = await createEntity(context.store);
        const child = startChild('increment', driverOf(context), { eid, times: 1 });
        const { exitCode, errors } = await Promise.race([
          child.end(),
          sleep(10_000, { exitCode: 'still running', errors: '' }, { ref: false }),
        ]);
        child.signal('SIGKILL');
        assert.equal(exitCode, 0, errors);
        assert.equal((await context.store.commit([commitOf({ puts: [put(eid, 'k')] })])).ok, true);
      },
      ['child', 'durable'],
    ),
  ];
}

export function driverOf({ harness, store }: CaseContext): ChildDriver {
  return harness.child?.(store) as ChildDriver;
}
