import { expect, onTestFinished, test } from 'vitest';
import { SprintDaemon, type SprintDaemonOptions } from '../../../daemons/sprint/sprint-daemon.ts';
import type { SourceIssue } from '../../../daemons/sprint/issue-source.ts';
import { sprintState } from '../../../daemons/sprint/sprint-state.ts';
import { SprintWork } from '../../../daemons/sprint/sprint-work.ts';
import type { WorkReport } from '../../../daemons/sprint/sprint-worker.ts';
import { ServiceError } from '../../../daemons/service-error.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { openHome } from '../../support/open-home.ts';
import { until } from '../../support/until.ts';

const MONDAY = '2026-03-02T10:00:00-05:00';
const SATURDAY = '2026-03-07T10:00:00-05:00';
const MINUTE = 60_000;

/** A worker that says what it is told to say, when it is told. */
class SlowWorker {
  readonly orders: string[] = [];
  readonly aborted: string[] = [];
  #begun = Promise.withResolvers<void>();
  #answer = Promise.withResolvers<WorkReport>();

  async work({ key }: { key: string }, { signal }: { signal: AbortSignal }): Promise<WorkReport> {
    this.orders.push(key);
    signal.addEventListener('abort', () => {
      this.aborted.push(key);
      void this.end('blocked', 'ended early');
    });
    this.#begun.resolve();
    return await this.#answer.promise;
  }

  /** Resolves when work is under way. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  async end(outcome: WorkReport['outcome'], summary = ''): Promise<void> {
    await this.begun;
    this.#answer.resolve({ outcome, summary });
    [this.#begun, this.#answer] = [Promise.withResolvers(), Promise.withResolvers()];
  }
}

async function scene(at = MONDAY, options: Partial<SprintDaemonOptions> = {}) {
  const clock = new ManualClock(at);
  const worker = new SlowWorker();
  const work = new SprintWork(worker);
  const { state, store, log, home } = await openHome({ clock, effects: [work.effect] });
  const events: object[] = [];
  let found: readonly SourceIssue[] | ServiceError = [1, 2, 3].map((n) => ({ key: `AAP-${n}`, summary: `Do ${n}` }));
  const source = { name: 'Jira', read: () => (found instanceof ServiceError ? Promise.reject(found) : Promise.resolve(found)) };
  const sprint = await state.global().get(sprintState);
  await sprint.update((draft) => void (draft.enabled = false));
  const lease = await state.global().lease('daemon', { holder: 'test', ttlMs: 1e9 });
  const emit = (type: string, data: object): void => void events.push({ type, ...data });
  const daemon = new SprintDaemon({ state, store, clock, log, emit, lease: () => lease, work, source, ...options });
  onTestFinished(() => daemon.stop());
  await daemon.start();
  await clock.advance(0);
  await until(sprint, ({ issues }) => 'AAP-3' in issues);
  const call = (name: string, input: object = {}): Promise<unknown> => daemon.methods.call(name, input);
  const statuses = (): object => Object.fromEntries(Object.entries(sprint.current.issues).map(([key, { status }]) => [key, status]));
  return { clock, worker, sprint, daemon, call, statuses, state, home, events, find: (now: typeof found) => (found = now) };
}

test('what the source has is pending until a person approves it, and listed in its order', async () => {
  const { call } = await scene();
  await call('approve_issue', { key: 'AAP-2' });
  await expect(call('list_issues')).resolves.toMatchObject({
    issues: [
      { key: 'AAP-1', status: 'pending', approved: false },
      { key: 'AAP-2', status: 'approved', approved: true },
      { key: 'AAP-3', status: 'pending' },
    ],
  });
  await expect(call('list_issues', { status: 'approved' })).resolves.toMatchObject({ issues: [{ key: 'AAP-2' }] });
});

test('an approved issue is worked on and completed, which its trace and the figures tell', async () => {
  const { call, worker, sprint, events } = await scene();
  await call('approve_issue', { key: 'AAP-1' });
  await call('start_issue', { key: 'AAP-1' });
  expect(sprint.current).toMatchObject({
    current_issue: 'AAP-1',
    issues: { 'AAP-1': { status: 'in_progress', started_at: '2026-03-02T15:00:00.000Z' } },
  });
  await worker.end('completed', 'merged');
  await until(sprint, ({ current_issue }) => current_issue === null);
  await expect(call('get_trace', { key: 'AAP-1' })).resolves.toMatchObject({
    status: 'completed',
    trace: [{ action: 'found' }, { action: 'approved' }, { action: 'started' }, { action: 'completed', description: 'merged' }],
  });
  await expect(call('get_history')).resolves.toMatchObject({
    stats: { total_processed: 1, successful: 1, failed: 0 },
    issues: [{ key: 'AAP-1' }],
  });
  expect(events).toContainEqual({ type: 'issue_changed', key: 'AAP-1', status: 'completed', at: '2026-03-02T15:00:00.000Z' });
});

test('nothing is worked on that no person approved', async () => {
  const { call, worker } = await scene();
  await expect(call('start_issue', { key: 'AAP-1' })).rejects.toMatchObject({
    code: 'REFUSED',
    message: expect.stringContaining('approve') as string,
  });
  await expect(call('process_next')).resolves.toEqual({ started: null });
  expect(worker.orders).toEqual([]);
});

test('one issue is worked on at a time', async () => {
  const { call, worker } = await scene();
  for (const key of ['AAP-1', 'AAP-2']) await call('approve_issue', { key });
  const begun = await Promise.allSettled([call('start_issue', { key: 'AAP-1' }), call('start_issue', { key: 'AAP-2' })]);
  expect(begun.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  await expect(call('process_next')).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('AAP-1') as string });
  await worker.begun;
  expect(worker.orders).toEqual(['AAP-1']);
});

test('when enabled, approved issues are worked on one after the other within working hours', async () => {
  const { call, worker, clock, sprint, statuses } = await scene();
  for (const key of ['AAP-3', 'AAP-1']) await call('approve_issue', { key });
  await call('enable');
  await clock.advance(0);
  await until(sprint, ({ current_issue }) => current_issue === 'AAP-1');
  await worker.end('completed');
  await until(sprint, ({ current_issue }) => current_issue === null);
  await clock.advance(MINUTE);
  await until(sprint, ({ current_issue }) => current_issue === 'AAP-3');
  await worker.end('blocked', 'tests fail');
  await until(sprint, ({ stats }) => stats.failed === 1);
  expect(statuses()).toEqual({ 'AAP-1': 'completed', 'AAP-2': 'pending', 'AAP-3': 'blocked' });
  expect(sprint.current.issues['AAP-3']?.reason).toBe('tests fail');
});

test('outside of working hours nothing begins by itself, a person may start it, and Monday at nine it begins', async () => {
  const { call, worker, clock, sprint, daemon } = await scene(SATURDAY);
  for (const key of ['AAP-1', 'AAP-2']) await call('approve_issue', { key });
  await call('enable');
  await clock.advance(60 * MINUTE);
  expect(sprint.current.current_issue).toBeNull();
  await expect(daemon.check()).resolves.toMatchObject({ message: expect.stringContaining('working hours') as string });
  await expect(call('process_next')).resolves.toEqual({ started: 'AAP-1' });
  await worker.end('completed');
  await until(sprint, ({ current_issue }) => current_issue === null);
  clock.sleep(Date.parse('2026-03-09T08:58:00-04:00') - clock.now());
  await clock.advance(MINUTE);
  expect(sprint.current.current_issue).toBeNull();
  const begun = async (): Promise<string | null> => {
    await clock.advance(MINUTE);
    return sprint.current.current_issue;
  };
  await expect.poll(begun).toBe('AAP-2');
  expect(clock.now()).toBeGreaterThanOrEqual(Date.parse('2026-03-09T09:00:00-04:00'));
});

test('a disabled sprint begins nothing, whatever the hour', async () => {
  const { call, clock, sprint } = await scene();
  await call('approve_issue', { key: 'AAP-1' });
  await clock.advance(5 * MINUTE);
  expect(sprint.current.current_issue).toBeNull();
});

test('an aborted issue is blocked, its work ends, and what it says then changes nothing', async () => {
  const { call, worker, sprint, statuses } = await scene();
  await call('approve_issue', { key: 'AAP-1' });
  await call('start_issue', { key: 'AAP-1' });
  await worker.begun;
  await call('abort_issue', { key: 'AAP-1', reason: 'wrong branch' });
  expect(sprint.current.issues['AAP-1']).toMatchObject({ status: 'blocked', reason: 'wrong branch', approved: true });
  await expect.poll(() => worker.aborted).toEqual(['AAP-1']);
  await call('skip_issue', { key: 'AAP-2', reason: 'later' });
  await call('reject_issue', { key: 'AAP-3' });
  expect(statuses()).toEqual({ 'AAP-1': 'blocked', 'AAP-2': 'blocked', 'AAP-3': 'rejected' });
  expect(sprint.current.stats).toEqual({ total_processed: 1, successful: 0, failed: 1 });
});

test('an issue that is aborted before its work began is not worked on', async () => {
  const { call, worker, state, sprint } = await scene();
  await call('approve_issue', { key: 'AAP-1' });
  await Promise.all([call('start_issue', { key: 'AAP-1' }), call('abort_issue', { key: 'AAP-1' })]);
  await expect.poll(() => state.global().unsettledEffects()).toEqual([]);
  expect(worker.orders).toEqual([]);
  expect(sprint.current.stats.failed).toBe(1);
});

test('work that waits for somebody is waiting, and may be started again', async () => {
  const { call, worker, sprint } = await scene();
  await call('approve_issue', { key: 'AAP-1' });
  await call('start_issue', { key: 'AAP-1' });
  await worker.end('waiting', 'which version?');
  await until(sprint, ({ current_issue }) => current_issue === null);
  expect(sprint.current.issues['AAP-1']).toMatchObject({ status: 'waiting', reason: 'which version?' });
  await expect
    .poll(() =>
      call('start_issue', { key: 'AAP-1' }).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await worker.begun;
  expect(worker.orders).toEqual(['AAP-1', 'AAP-1']);
});

test.each([
  ['approve_issue', { key: 'AAP-9' }, 'NOT_FOUND'],
  ['get_trace', { key: 'AAP-9' }, 'NOT_FOUND'],
  ['abort_issue', { key: 'AAP-1' }, 'REFUSED'],
  ['approve_issue', { key: '__proto__' }, 'INVALID_INPUT'],
  ['skip_issue', { key: 'AAP-1' }, 'INVALID_INPUT'],
  ['reject_issue', { key: 'AAP-1', reason: 'x'.repeat(501) }, 'INVALID_INPUT'],
] as const)('%s of %o is refused with %s', async (name, input, code) => {
  const { call } = await scene();
  await expect(call(name, input)).rejects.toMatchObject({ code });
});

test('a source that cannot be read changes nothing, and is read again when it says', async () => {
  const { clock, daemon, statuses, find, sprint } = await scene();
  find(new ServiceError('busy', 'Jira was asked too often (429).', { retryAfterMs: 120_000 }));
  await expect(daemon.methods.call('refresh', {})).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await expect(daemon.check()).resolves.toMatchObject({ checks: { issues: false }, message: expect.stringContaining('429') as string });
  expect(statuses()).toEqual({ 'AAP-1': 'pending', 'AAP-2': 'pending', 'AAP-3': 'pending' });
  find([{ key: 'AAP-2', summary: 'Renamed' }]);
  await clock.advance(2 * MINUTE);
  await until(sprint, ({ issues }) => issues['AAP-2']?.summary === 'Renamed');
  expect(statuses()).toEqual({ 'AAP-2': 'pending' });
  await expect(daemon.check()).resolves.toMatchObject({ checks: { issues: true } });
});

test('issues that a person decided about stay when the source has them no more', async () => {
  const { call, find, statuses } = await scene();
  await call('approve_issue', { key: 'AAP-1' });
  await call('reject_issue', { key: 'AAP-2' });
  find([]);
  await call('refresh');
  expect(statuses()).toEqual({ 'AAP-1': 'approved', 'AAP-2': 'rejected' });
});

test('a source that says the same makes no commit', async () => {
  const { call, sprint } = await scene();
  const { version } = sprint;
  await call('refresh');
  expect(sprint.version).toBe(version);
});

test('a trace keeps its newest 50 entries', async () => {
  const { call, sprint } = await scene();
  for (let round = 0; round < 30; round++) {
    await call('approve_issue', { key: 'AAP-1' });
    await call('reject_issue', { key: 'AAP-1', reason: `round ${round}` });
  }
  const trace = sprint.current.issues['AAP-1']?.execution_trace;
  expect(trace).toHaveLength(50);
  expect(trace?.at(-1)).toMatchObject({ action: 'rejected', description: 'round 29' });
});

test('more than 500 issues find no room', async () => {
  const { call, find, sprint } = await scene();
  find(Array.from({ length: 600 }, (_, at) => ({ key: `AAP-${at}`, summary: '' })));
  await call('refresh');
  expect(Object.keys(sprint.current.issues)).toHaveLength(500);
});

test('without a source and a command it works, and says so', async () => {
  const clock = new ManualClock(MONDAY);
  const { state, store, log } = await openHome({ clock });
  const lease = await state.global().lease('daemon', { holder: 'test', ttlMs: 1e9 });
  const daemon = new SprintDaemon({ state, store, clock, log, emit: () => undefined, lease: () => lease });
  await daemon.start();
  await expect(daemon.check()).resolves.toEqual({
    checks: { file: true },
    message: 'No source of issues is configured. No command that works on issues is configured.',
  });
  await expect(daemon.methods.call('refresh', {})).rejects.toMatchObject({ code: 'REFUSED' });
  await daemon.stop();
});

test('a daemon that is stopped ends the work under way and says so in the issue', async () => {
  const { call, daemon, sprint, worker } = await scene();
  await call('approve_issue', { key: 'AAP-1' });
  await call('start_issue', { key: 'AAP-1' });
  await worker.begun;
  await daemon.stop();
  expect(worker.aborted).toEqual(['AAP-1']);
  await until(sprint, ({ current_issue }) => current_issue === null);
  expect(sprint.current.issues['AAP-1']).toMatchObject({ status: 'blocked', reason: expect.stringContaining('stopped') as string });
});

test('an issue that an older system left in progress is found and blocked with the reason', async () => {
  const clock = new ManualClock(MONDAY);
  const { state, store, log } = await openHome({ clock });
  const sprint = await state.global().get(sprintState);
  const issue = {
    status: 'in_progress',
    approved: true,
    summary: '',
    started_at: null,
    reason: null,
    run: null,
    rank: 0,
    execution_trace: [],
  } as const;
  await sprint.update((draft) => void Object.assign(draft, { current_issue: 'AAP-1', issues: { 'AAP-1': issue } }));
  const lease = await state.global().lease('daemon', { holder: 'test', ttlMs: 1e9 });
  const daemon = new SprintDaemon({ state, store, clock, log, emit: () => undefined, lease: () => lease });
  await daemon.start();
  await daemon.stop();
  expect(sprint.current).toMatchObject({
    current_issue: null,
    issues: { 'AAP-1': { status: 'blocked', reason: expect.stringContaining('crashed') as string } },
  });
});

test('two issues in progress are refused, also when a person writes them', async () => {
  const { sprint } = await scene();
  await expect(
    sprint.update((draft) => {
      for (const key of ['AAP-1', 'AAP-2']) draft.issues[key]!.status = 'in_progress';
    }),
  ).rejects.toMatchObject({ code: 'INVARIANT_VIOLATED' });
});
