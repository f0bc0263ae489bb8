import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MethodTable } from '../../methods/method-table.ts';
import { performanceMethods } from '../../performance/performance-methods.ts';
import { performanceState } from '../../performance/performance-state.ts';
import { Performance } from '../../performance/performance.ts';
import { quarterOf } from '../../performance/quarter.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { until } from '../support/until.ts';

async function scene(home = join(emptyFolder(), 'home')) {
  const clock = new ManualClock('2026-02-10T12:00:00');
  const workbench = await openHome({ home, clock });
  const methods = new MethodTable(performanceMethods(new Performance({ state: workbench.state, store: workbench.store, clock })));
  return { ...workbench, call: (name: string, input: object = {}): Promise<unknown> => methods.call(name, input) };
}

test('goals and what was done for them stand in the file of their quarter', async () => {
  const { call, store, home } = await scene();
  await call('performance_set_goal', { id: 'latency', title: 'Halve the latency' });
  await call('performance_set_goal', { id: 'latency', title: 'Halve the latency', status: 'done' });
  await call('performance_add', { text: 'Cached the prices', goal: 'latency', link: 'https://example.com/mr/1' });
  await call('performance_add', { text: 'Planned', date: '2025-12-31' });
  await expect(call('performance_read')).resolves.toMatchObject({
    quarter: 'q1_2026',
    goals: [{ id: 'latency', title: 'Halve the latency', status: 'done' }],
    entries: [{ date: '2026-02-10', text: 'Cached the prices', goal: 'latency' }],
  });
  await expect(call('performance_read', { quarter: 'q4_2025' })).resolves.toMatchObject({ goals: [], entries: [{ text: 'Planned' }] });
  await store.flush?.();
  expect(readFileSync(join(home, 'performance/q1_2026.yaml'), 'utf8')).toContain('text: Cached the prices');
});

test('a file that a person began is read, and its comments and own keys stay when a tool adds to it', async () => {
  const home = join(emptyFolder(), 'home');
  mkdirSync(join(home, 'performance'), { recursive: true });
  const path = join(home, 'performance/q1_2026.yaml');
  writeFileSync(path, '# My quarter\nmood: good\nentries:\n  - date: 2026-01-05 # the first one\n    text: Began\n');
  const { call, store } = await scene(home);
  await expect(call('performance_add', { text: 'Went on' })).resolves.toEqual({ quarter: 'q1_2026' });
  await store.flush?.();
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('# My quarter\n');
  expect(text).toContain('- date: 2026-01-05 # the first one\n');
  expect(text).toContain('mood: good\n');
  expect(text.indexOf('text: Went on')).toBeGreaterThan(text.indexOf('text: Began'));
});

test('what a person appends by hand while programs run is taken', async () => {
  const { call, store, home, state } = await scene();
  await call('performance_add', { text: 'By a tool' });
  await store.flush?.();
  const path = join(home, 'performance/q1_2026.yaml');
  writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd()}\n  - date: 2026-02-11\n    text: By hand\n`);
  const quarter = await state.global().get(performanceState('q1_2026'));
  const { entries } = await until(quarter, (value) => value.entries.length === 2);
  expect(entries.map(({ text }) => text)).toEqual(['By a tool', 'By hand']);
});

test.each([
  ['performance_add', { text: 'x', goal: 'none' }, 'NOT_FOUND'],
  ['performance_add', { text: 'x', date: '2026-02-30' }, 'INVALID_INPUT'],
  ['performance_add', { text: '' }, 'INVALID_INPUT'],
  ['performance_add', { text: 'x', link: 'javascript:alert(1)' }, 'INVALID_INPUT'],
  ['performance_read', { quarter: '../../etc/passwd' }, 'INVALID_INPUT'],
  ['performance_read', { quarter: 'q5_2026' }, 'INVALID_INPUT'],
] as const)('%s of %j is refused with %s', async (name, input, code) => {
  const { call } = await scene();
  await expect(call(name, input)).rejects.toMatchObject({ code });
});

test('a quarter has 100 goals and 5,000 entries at most', async () => {
  const { call, state } = await scene();
  const quarter = await state.global().get(performanceState('q1_2026'));
  await quarter.update((draft) => {
    draft.goals = Array.from({ length: 100 }, (_, n) => ({ id: `g${n}`, title: '' }));
    draft.entries = Array.from({ length: 5_000 }, () => ({ date: '2026-01-01', text: '' }));
  });
  await expect(call('performance_add', { text: 'x' })).rejects.toMatchObject({ code: 'REFUSED' });
  await expect(call('performance_set_goal', { id: 'new', title: 'x' })).rejects.toMatchObject({ code: 'REFUSED' });
});

test.each([
  ['2026-01-01T00:00:00', 'q1_2026'],
  ['2026-03-31T23:59:59', 'q1_2026'],
  ['2026-04-01T00:00:00', 'q2_2026'],
  ['2026-12-31T23:59:59', 'q4_2026'],
])('%s is in %s', (time, quarter) => {
  expect(quarterOf(Date.parse(time))).toBe(quarter);
});
