import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate as turn } from 'node:timers/promises';
import { SpanStatusCode } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { StateManager } from 'holdfast';
import { observe } from 'holdfast/opentelemetry';
import { Counter, openManager, order, Tab } from '../../support/bar.ts';
import { pay, provider } from '../../support/payment.ts';
import { Telemetry } from '../../support/telemetry.ts';
import { testStore } from '../../support/test-store.ts';

describe('spans', () => {
  it('say what each operation did, how long it took and how it failed', async () => {
    await using telemetry = new Telemetry();
    await using state = await openManager();
    const anna = state.conversation('anna');
    const tab = await anna.get(Tab);
    await tab.update((draft) => order(draft, 'Beer', 5), { actor: 'ben', toolCall: 'call-1' });
    await tab.update((draft) => void (draft.total = 1)).catch(() => undefined);
    await anna.checkpoint('one');
    const [commit, failed] = telemetry.spans('holdfast.commit');
    expect(commit?.attributes).toMatchObject({
      'holdfast.outcome': 'committed',
      'holdfast.entities': ['conversation:anna'],
      'holdfast.states': ['conversation:anna/tab@1'],
      'holdfast.actor': 'ben',
      'holdfast.tool_call': 'call-1',
      'holdfast.seq': 1,
    });
    expect(commit?.status.code).toBe(SpanStatusCode.UNSET);
    expect(commit?.duration[0]).toBe(0);
    expect(commit?.duration[1]).toBeGreaterThan(0);
    expect(failed?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'INVARIANT_VIOLATED' });
    expect(telemetry.spans('holdfast.checkpoint')[0]?.attributes).toMatchObject({ 'holdfast.checkpoint': 'one' });
  });

  it('are children of the span that was active where the operation was asked for, in a batch with others too', async () => {
    await using telemetry = new Telemetry();
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const traceIds = await Promise.all(
      ['a', 'b'].map((name) =>
        telemetry.tracer.startActiveSpan(name, async (span) => {
          await counter.update((draft) => void (draft.count += 1));
          span.end();
          return span.spanContext().traceId;
        }),
      ),
    );
    const commits = telemetry.spans('holdfast.commit');
    expect(commits.map((span) => span.spanContext().traceId)).toEqual(traceIds);
    expect(commits.map(({ parentSpanContext }) => parentSpanContext?.spanId)).toEqual(
      ['a', 'b'].map((name) => telemetry.spans(name)[0]?.spanContext().spanId),
    );
  });

  it('show an effect with its run, under the commit’s caller', async () => {
    const bank = provider({
      run: () => Promise.reject(new Error('reply lost')),
      reconcile: async () => ({ status: 'failed', error: 'declined' }),
    });
    await using telemetry = new Telemetry();
    await using state = await openManager({ effects: [bank.effect] });
    const traceId = await telemetry.tracer.startActiveSpan('turn', async (span) => {
      await pay(state, bank);
      span.end();
      return span.spanContext().traceId;
    });
    await state.conversation('anna').effect(bank.effect, 'p1').outcome({ unknown: true });
    await state.reconcile();
    const [run] = telemetry.spans('holdfast.effect');
    expect(run?.attributes).toMatchObject({ 'holdfast.effect': 'charge', 'holdfast.effect.key': 'p1', 'holdfast.outcome': 'unknown' });
    expect(run?.spanContext().traceId).toBe(traceId);
    expect(telemetry.spans('holdfast.effect.reconcile')[0]?.attributes['holdfast.outcome']).toBe('failed');
  });

  it('are no more once it is ended', async () => {
    const telemetry = new Telemetry();
    await using state = await openManager();
    await telemetry[Symbol.asyncDispose]();
    await (await state.global().get(Counter)).set({ count: 1 });
    expect(telemetry.spans('holdfast.commit')).toEqual([]);
  });
});

describe('the trace of a commit', () => {
  it('is the active one when its caller names none', async () => {
    await using telemetry = new Telemetry();
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    const traceId = await telemetry.tracer.startActiveSpan('turn', async (span) => {
      await counter.set({ count: 1 });
      await counter.set({ count: 2 }, { trace: 'mine' });
      await state.global().checkpoint('one');
      return span.spanContext().traceId;
    });
    await counter.set({ count: 3 });
    const feed = state.changes({ since: 0 });
    const traces = [];
    for (let seq = 1; seq <= 4; seq++) traces.push((await feed.next()).value?.trace);
    expect(traces).toEqual([traceId, 'mine', traceId, undefined]);
  });
});

describe('metrics', () => {
  it('count and measure what was done, with few attributes', async () => {
    let now = 1_000_000;
    const clock = (): number => now;
    const bank = provider({});
    await using telemetry = new Telemetry();
    await using state = await StateManager.open({ store: testStore({ clock }), clock, effects: [bank.effect], effectScanEveryMs: 1e9 });
    const anna = state.conversation('anna', { expiresAfterMs: 1_000 });
    await pay(state, bank);
    await anna.effect(bank.effect, 'p1').outcome();
    await turn();
    const lease = await anna.lease('turn', { holder: 'a', ttlMs: 10 });
    await anna.lease('turn', { holder: 'b' }).catch(() => undefined);
    const held = (await telemetry.metrics()).get('holdfast.leases.held')?.dataPoints;
    await lease.release();
    const ben = await state.conversation('ben', { expiresAfterMs: 1_000 }).get(Tab);
    await ben.update((draft) => order(draft, 'Beer', 5));
    now += 60_000;
    await state.sweep();
    const metrics = await telemetry.metrics();
    const values = (name: string): unknown => metrics.get(name)?.dataPoints.map(({ value }) => value);
    expect(held?.map(({ value }) => value)).toEqual([1]);
    expect(values('holdfast.leases.held')).toEqual([0]);
    expect(values('holdfast.leases.refused')).toEqual([1]);
    expect(values('holdfast.effects')).toEqual([1]);
    expect(values('holdfast.swept')).toEqual([1]);
    expect(values('holdfast.queue.depth')).toEqual([0]);
    const commits = metrics.get('holdfast.commit.duration');
    expect(commits?.descriptor.unit).toBe('s');
    expect(commits?.dataPoints.map(({ attributes }) => attributes['holdfast.outcome'])).toEqual(['committed', 'refused']);
    expect(new Set(commits?.dataPoints.flatMap(({ attributes }) => Object.keys(attributes)))).toEqual(
      new Set(['holdfast.store', 'holdfast.outcome', 'holdfast.code']),
    );
  });
});

describe('a tracer that throws', () => {
  it('breaks no commit and is reported', async () => {
    const reported: unknown[] = [];
    const report = (message: unknown): void => void reported.push((message as { source: string }).source);
    subscribe('holdfast:error', report);
    const end = observe({ tracer: { startSpan: () => { throw new Error('no exporter'); } } }); // prettier-ignore
    await using state = await openManager();
    const counter = await state.global().get(Counter);
    await counter.set({ count: 1 });
    end();
    unsubscribe('holdfast:error', report);
    expect([counter.version, reported]).toEqual([1, ['subscriber']]);
  });
});
