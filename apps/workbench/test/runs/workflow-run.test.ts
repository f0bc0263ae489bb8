import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Json } from 'holdfast';
import { expect, onTestFinished, test } from 'vitest';
import { WorkflowRun, type RunOptions } from '../../runs/workflow-run.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { RunningProgram } from '../support/run-program.ts';

const NOW = '2026-03-02T09:00:00-05:00';

async function scene() {
  const clock = new ManualClock(NOW);
  const { state } = await openHome({ clock });
  const open = async (options: Partial<RunOptions> = {}): Promise<WorkflowRun> => {
    const run = await WorkflowRun.open({ state, clock, id: 'cocktails', holder: 'anna', ...options });
    onTestFinished(() => run.close());
    return run;
  };
  return { clock, state, open };
}

const result = (value: Json) => (): Promise<Json> => Promise.resolve(value);

test('nodes are done once, with their status, times and results', async () => {
  const { open } = await scene();
  const run = await open({ title: 'Cocktails' });
  await expect(run.node('fetch', result({ lemons: 3 }))).resolves.toEqual({ lemons: 3 });
  await expect(run.node('fetch', result('must not be called'))).resolves.toEqual({ lemons: 3 });
  await run.end('completed');
  expect(run.journal.current).toMatchObject({ title: 'Cocktails', status: 'completed' });
  expect(run.nodes).toEqual({
    fetch: {
      status: 'completed',
      attempts: 1,
      started_at: '2026-03-02T14:00:00.000Z',
      ended_at: '2026-03-02T14:00:00.000Z',
      error: null,
      result: { lemons: 3 },
    },
  });
});

test('nodes may run side by side, but each only once at a time', async () => {
  const { open } = await scene();
  const run = await open();
  const slow = Promise.withResolvers<Json>();
  const first = run.node('a', () => slow.promise);
  await expect.poll(() => run.nodes['a']?.status).toBe('running');
  await run.node('b', result(2));
  await expect(run.node('a', result(3))).rejects.toMatchObject({ code: 'REFUSED' });
  slow.resolve(1);
  await expect(first).resolves.toBe(1);
});

test('a node that fails says why, and goes on from what it has kept when it is called again', async () => {
  const { open } = await scene();
  const run = await open();
  const failing = run.node('mix', async ({ save }) => {
    await save(['ice']);
    throw new Error('no gin');
  });
  await expect(failing).rejects.toThrow('no gin');
  expect(run.nodes['mix']).toMatchObject({ status: 'failed', error: 'no gin', result: ['ice'] });
  await expect(run.node('mix', ({ saved, attempt }) => Promise.resolve([saved, attempt]))).resolves.toEqual([['ice'], 2]);
});

test('a run is run by one process at a time, and taken over when that one is dead', async () => {
  const { open, clock } = await scene();
  const first = await open();
  await first.node('a', result(1));
  await expect(open({ holder: 'ben' })).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('anna') as string });
  clock.sleep(31_000);
  const second = await open({ holder: 'ben' });
  expect(second.resumedFrom).toBe('node 1 a 1 completed');
  await expect(first.node('b', result(2))).rejects.toMatchObject({ code: 'STALE_LEASE' });
  await expect(second.node('a', result(2))).resolves.toBe(1);
});

test('a process that lives keeps its run, and tells a node that it has lost it', async () => {
  const { open, clock } = await scene();
  const run = await open();
  for (let seconds = 0; seconds < 60; seconds += 10) {
    await clock.advance(10_000);
    await run.journal.refresh();
  }
  await expect(open({ holder: 'ben' })).rejects.toMatchObject({ code: 'REFUSED' });
  const lost = Promise.withResolvers<void>();
  const node = run.node('a', ({ signal }) => {
    signal.addEventListener('abort', () => lost.resolve());
    return lost.promise.then(() => null);
  });
  const failed = node.catch((error: unknown) => error);
  await expect.poll(() => run.nodes['a']?.status).toBe('running');
  clock.sleep(40_000);
  await open({ holder: 'ben' });
  await clock.advance(1);
  await lost.promise;
  expect(await failed).toMatchObject({ code: 'STALE_LEASE' });
});

test('a run that has ended is not run again', async () => {
  const { open } = await scene();
  const run = await open();
  await run.end('failed');
  await run.close();
  await expect(open()).rejects.toMatchObject({ code: 'REFUSED' });
});

test('of the checkpoints of its nodes the newest fifty stay', async () => {
  const { open } = await scene();
  const run = await open();
  for (let index = 1; index <= 55; index += 1) await run.node(`n${index}`, result(index));
  const names = (await run.journal.entity.checkpoints({ tag: 'node' })).map(({ name }) => name);
  expect(names).toHaveLength(50);
  expect(names).toContain('node 6 n6 1 completed');
  expect(names).not.toContain('node 5 n5 1 completed');
  expect(names).toContain('node 55 n55 1 completed');
});

test.each(['', 'a\nb', 'x'.repeat(81)])('a node cannot be called %j', async (name) => {
  const { open } = await scene();
  const run = await open();
  await expect(run.node(name, result(1))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});

test('a result that is too large is refused, and the node has failed', async () => {
  const { open } = await scene();
  const run = await open();
  await expect(run.node('a', result('x'.repeat(1_048_576)))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(run.nodes['a']?.status).toBe('failed');
});

test('a run whose process is killed goes on at its last checkpoint: nothing is done twice that was done, and what came after is taken back', async () => {
  const home = join(emptyFolder(), 'home');
  const work = join(emptyFolder(), 'work');
  const killed = await RunningProgram.start('run-workflow', [home, 'cocktails', work, 'hang']);
  expect(await killed.line()).toBe('hanging');
  const ended = once(killed.child, 'exit');
  killed.child.kill('SIGKILL');
  await ended;
  // A lease of the dead process is over by then.
  const clock = new ManualClock(new Date(Date.now() + 31_000).toISOString());
  const { state } = await openHome({ home, clock });
  const run = await WorkflowRun.open({ state, clock, id: 'cocktails', holder: 'anna' });
  onTestFinished(() => run.close());
  expect(run.resumedFrom).toBe('node 2 mix 1 saved');
  expect(run.journal.messages()).toEqual([]);
  await expect(run.node('fetch', result('must not be called'))).resolves.toEqual({ lemons: 3 });
  await expect(run.node('mix', ({ saved, attempt }) => Promise.resolve([saved, attempt]))).resolves.toEqual([{ half: true }, 2]);
  expect(readFileSync(work, 'utf8')).toBe('fetch\nmix 1 from null\n');
});

test('a run goes on in the next process that opens it, to its end', async () => {
  const home = join(emptyFolder(), 'home');
  const work = join(emptyFolder(), 'work');
  const first = await openHome({ home });
  const begun = await WorkflowRun.open({ ...first, id: 'cocktails', holder: 'anna' });
  await begun.node('fetch', result(null));
  await begun.close();
  const program = await RunningProgram.start('run-workflow', [home, 'cocktails', work, '']);
  expect(await program.end()).toBe(0);
  expect(readFileSync(work, 'utf8')).toBe('mix 1 from null\nserve\n');
  await begun.journal.refresh();
  expect(begun.journal.current.status).toBe('completed');
});
