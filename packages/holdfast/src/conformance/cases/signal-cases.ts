import assert from 'node:assert/strict';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { Store } from '../../store/index.ts';
import { defineCase, type CaseDefinition } from '../define-case.ts';
import { createEntity, put, refuse, write } from '../records.ts';

export const signalCases: readonly CaseDefinition[] = [
  defineCase('signal-own', 'calls back after its own commits and sweeps, until unsubscribed', async (context) => {
    const { store } = context;
    const first = nextSignal(store);
    const eid = await createEntity(store, 'one', { ttlMs: 50 });
    await first;
    const second = nextSignal(store);
    await context.advance(51);
    await store.sweep(10);
    await second;
    let calls = 0;
    const unsubscribe = store.signal(() => {
      calls += 1;
    });
    await refuse(store, { puts: [put(eid, 'k')] });
    await turn();
    assert.equal(calls, 0, 'a refused commit moves nothing');
    unsubscribe();
    unsubscribe();
    await createEntity(store, 'two');
    await turn();
    assert.equal(calls, 0);
  }),
  defineCase(
    'signal-foreign',
    'calls back within five seconds of a commit by another driver',
    async (context) => {
      const other = await context.second();
      const eid = await createEntity(context.store);
      await sleep(20);
      for (let round = 0; round < 3; round += 1) {
        const signal = nextSignal(context.store);
        const { seqs } = await write(other, { puts: [put(eid, 'k')] });
        await signal;
        assert.equal((await context.store.log(0, {}, 100)).seq, seqs[0]);
      }
    },
    ['shared'],
  ),
];

async function nextSignal(store: Store): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = store.signal(resolve);
  const late = new AbortController();
  const timeout = sleep(5_000, undefined, { signal: late.signal }).then(
    () => assert.fail('no signal within five seconds'),
    () => undefined,
  );
  await Promise.race([promise, timeout]);
  late.abort();
  unsubscribe();
}
