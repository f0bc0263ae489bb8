import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { cronState } from '../../../daemons/cron/cron-state.ts';
import { openCron } from '../../support/open-cron.ts';
import { emptyFolder, openHome } from '../../support/open-home.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const job = (name: string, cron: string, more: object = {}): object => ({ name, skill: 'note', cron, inputs: { job: name }, ...more });

test('a simulated week over the change to summer time runs each job once at each of its times', async () => {
  const schedules = { jobs: [job('standup', '0 9 * * 1-5'), job('nightly', '30 2 * * *'), job('hourly', '0 * * * *')] };
  const { notes, pass } = await openCron({ at: '2026-03-05T00:00:00-05:00', schedules });
  await pass(7 * DAY);
  const of = (name: string): string[] => notes.filter((note) => note.job === name).map(({ at }) => at);
  expect(of('standup')).toEqual(['05', '06', '09', '10', '11'].map((day) => `2026-03-${day} 09:00:00`));
  // On the 8th there is no half past two.
  expect(of('nightly')).toEqual(
    ['05 02:30', '06 02:30', '07 02:30', '08 03:00', '09 02:30', '10 02:30', '11 02:30'].map((at) => `2026-03-${at}:00`),
  );
  expect(of('hourly')).toHaveLength(7 * 24);
  expect(of('hourly').filter((at) => at.startsWith('2026-03-08'))).toHaveLength(23);
}, 60_000);

test('a simulated week over the change to winter time runs each job once at each of its times', async () => {
  const schedules = { jobs: [job('standup', '0 9 * * 1-5'), job('nightly', '30 1 * * *'), job('hourly', '0 * * * *')] };
  const { notes, pass } = await openCron({ at: '2026-10-29T00:00:00-04:00', schedules });
  await pass(7 * DAY);
  const of = (name: string): string[] => notes.filter((note) => note.job === name).map(({ at }) => at);
  expect(of('standup')).toEqual(['10-29', '10-30', '11-02', '11-03', '11-04'].map((day) => `2026-${day} 09:00:00`));
  // On the 1st half past one comes twice.
  expect(of('nightly')).toEqual(['10-29', '10-30', '10-31', '11-01', '11-02', '11-03', '11-04'].map((day) => `2026-${day} 01:30:00`));
  expect(of('hourly').filter((at) => at.startsWith('2026-11-01'))).toHaveLength(25);
}, 60_000);

test('times are those of the zone that is configured', async () => {
  const { cron } = await openCron({ schedules: { timezone: 'Asia/Kolkata', jobs: [job('standup', '0 9 * * *')] } });
  expect(cron.status.jobs).toMatchObject([{ next_run: '2026-03-03T03:30:00.000Z' }]);
});

test('what was missed while the machine slept runs once', async () => {
  const { cron, clock, notes, settled } = await openCron({ schedules: { jobs: [job('hourly', '0 * * * *')] } });
  clock.sleep(9 * HOUR + 1_800_000);
  cron.wokeUp();
  await settled();
  expect(notes).toEqual([{ job: 'hourly', at: '2026-03-02 17:30:00' }]);
  expect(cron.status.jobs).toMatchObject([{ next_run: '2026-03-02T23:00:00.000Z', last_status: 'success', run: null }]);
});

test('what was missed while no scheduler ran is run once by the next one', async () => {
  const schedules = { jobs: [job('hourly', '0 * * * *')] };
  const first = await openCron({ schedules });
  const { home } = first.workbench;
  await first.stop();
  first.clock.sleep(DAY);
  const { notes, settled } = await openCron({ schedules, home, clock: first.clock });
  await settled();
  expect(notes).toHaveLength(1);
});

test('the timer of the scheduler begins what is due', async () => {
  const { clock, notes } = await openCron({ schedules: { jobs: [job('standup', '0 9 * * *')] } });
  await clock.advance(HOUR);
  await vi.waitFor(() => expect(notes).toEqual([{ job: 'standup', at: '2026-03-02 09:00:00' }]));
});

test('a job that is switched off is passed over, and not made up for', async () => {
  const { workbench, cron, notes, pass } = await openCron({
    schedules: { jobs: [job('hourly', '0 * * * *'), job('off', '0 * * * *', { enabled: false })] },
  });
  await workbench.toggles.setJobEnabled('hourly', false);
  await pass(5 * HOUR);
  expect(notes).toEqual([]);
  expect(cron.status.jobs).toMatchObject([{ enabled: false }, { enabled: false }]);
  await workbench.toggles.setJobEnabled('hourly', true);
  await pass(HOUR);
  expect(notes).toEqual([{ job: 'hourly', at: '2026-03-02 14:00:00' }]);
});

test('a scheduler that is switched off begins nothing', async () => {
  const { workbench, cron, notes, pass } = await openCron({ schedules: { jobs: [job('hourly', '0 * * * *')] } });
  await workbench.toggles.setServiceEnabled('scheduler', false);
  await pass(3 * HOUR);
  expect(notes).toEqual([]);
  expect(cron.status.enabled).toBe(false);
  await expect(cron.check()).resolves.toMatchObject({ message: 'The scheduler is switched off.' });
});

test('one run of a job at a time: the next one is skipped, and said to be', async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<string>();
  const begun = vi.fn<() => Promise<string>>(() => held);
  const scene = await openCron({ schedules: { jobs: [{ name: 'slow', skill: 'hold', cron: '0 * * * *' }] }, hold: begun });
  for (let hour = 0; hour < 3; hour += 1) {
    scene.clock.sleep(HOUR);
    await scene.cron.look();
    await vi.waitFor(() => expect(begun).toHaveBeenCalledOnce());
  }
  expect(scene.cron.status.history.map(({ status }) => status)).toEqual(['skipped', 'skipped']);
  letGo('at last');
  await scene.settled();
  expect(scene.cron.status.history[0]).toMatchObject({ status: 'success', duration_ms: 2 * HOUR, output_preview: 'at last' });
});

test('a run is in the history with its times, its length and what it said', async () => {
  const { cron, events, pass } = await openCron({ schedules: { jobs: [job('standup', '0 9 * * *', { notify: ['team'] })] } });
  await pass(HOUR);
  expect(cron.status.history).toEqual([
    {
      job: 'standup',
      skill: 'note',
      started_at: '2026-03-02T14:00:00.000Z',
      completed_at: '2026-03-02T14:00:00.000Z',
      status: 'success',
      duration_ms: 0,
      error: null,
      output_preview: 'standup is done',
    },
  ]);
  expect(events).toEqual([{ type: 'job_ended', data: { job: 'standup', skill: 'note', error: null, notify: ['team'] } }]);
});

test('20 runs are shown and 1,000 kept', async () => {
  const { cron, pass } = await openCron({ schedules: { jobs: [job('often', '*/10 * * * *')] } });
  await pass(4 * HOUR);
  expect(cron.status.history).toHaveLength(20);
  expect(cron.status.history[0]?.started_at).toBe('2026-03-02T17:00:00.000Z');
  expect(cron.runs({ limit: 1_000 })).toHaveLength(24);
});

test('a shell command runs, and its output has no token in it', async () => {
  const skills = { say: { command: 'echo "$CRON_JOB says xoxb-1234567890-abc"; exit 0' } };
  const { cron, pass } = await openCron({
    schedules: { execution_mode: 'shell', jobs: [{ name: 'a', skill: 'say', cron: '0 9 * * *' }] },
    skills,
  });
  await pass(HOUR);
  expect(cron.status.history).toMatchObject([{ status: 'success', output_preview: 'a says [redacted]' }]);
});

test('a command line is given the prompt as one argument, whatever is in it', async () => {
  const skills = { brief: '$(touch /tmp/never); `x` "{persona}" it\'s' };
  const schedules = {
    execution_mode: 'claude_cli',
    claude_cli: ['/bin/echo', '-p', '{prompt}', '{persona}'],
    jobs: [{ name: 'a', skill: 'brief', cron: '0 9 * * *', persona: 'dev' }],
  };
  const { cron, pass } = await openCron({ schedules, skills });
  await pass(HOUR);
  expect(cron.status.history[0]?.output_preview).toBe('-p $(touch /tmp/never); `x` "{persona}" it\'s dev');
});

test.each([
  ['a command that fails', { execution_mode: 'shell' }, { s: { command: 'echo no >&2; exit 3' } }, /ended with 3/],
  [
    'a program that is not there',
    { execution_mode: 'claude_cli', claude_cli: ['/nowhere/claude', '{prompt}'] },
    {},
    /could not be started/,
  ],
  ['a skill without a command', { execution_mode: 'shell' }, { s: { prompt: 'x' } }, /has no command/],
  ['a skill that this program has not', { execution_mode: 'in_process' }, {}, /no method "s".*note/],
  [
    'a command that takes too long',
    { execution_mode: 'shell', timeout_minutes: 0.002 },
    { s: { command: 'sleep 60' } },
    /longer than 0.002 minutes/,
  ],
])('%s is a failed run that says why', async (_what, mode, skills, error) => {
  const { cron, pass } = await openCron({ schedules: { ...mode, jobs: [{ name: 'a', skill: 's', cron: '0 9 * * *' }] }, skills });
  await pass(HOUR);
  expect(cron.status.history).toMatchObject([{ job: 'a', status: 'failed', error: expect.stringMatching(error) as string }]);
  expect(cron.status.jobs).toMatchObject([{ last_status: 'failed', run: null }]);
});

test('a scheduler that stops ends what runs, and says so', async () => {
  const skills = { s: { command: 'sleep 60' } };
  const scene = await openCron({ schedules: { execution_mode: 'shell', jobs: [{ name: 'a', skill: 's', cron: '0 9 * * *' }] }, skills });
  await scene.cron.runNow('a');
  await scene.stop();
  await vi.waitFor(() =>
    expect(scene.cron.status.history).toMatchObject([{ status: 'failed', error: expect.stringContaining('was stopped') as string }]),
  );
});

test('a job is run by hand, also one that is off, and not twice at a time', async () => {
  const { promise: held, resolve: letGo } = Promise.withResolvers<string>();
  const scene = await openCron({
    schedules: { jobs: [{ name: 'a', skill: 'hold', cron: '0 9 * * *', enabled: false }] },
    hold: () => held,
  });
  await scene.cron.methods.call('run_job', { name: 'a' });
  await expect(scene.cron.methods.call('run_job', { name: 'a' })).rejects.toMatchObject({ code: 'REFUSED' });
  await expect(scene.cron.methods.call('run_job', { name: '../b' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  letGo('done');
  await scene.settled();
  await expect(scene.cron.methods.call('job_history', { job: 'a' })).resolves.toMatchObject({ runs: [{ job: 'a', status: 'success' }] });
  await expect(scene.cron.methods.call('list_jobs', {})).resolves.toMatchObject({ jobs: [{ name: 'a', last_status: 'success' }] });
});

test('a changed configuration is taken over while it runs, and a broken one is not', async () => {
  const project = emptyFolder();
  const { cron, workbench } = await openCron({ project, schedules: { jobs: [job('a', '0 9 * * *')] } });
  const write = (text: string): void => {
    writeFileSync(join(project, 'config.json'), text);
    workbench.config.reload();
  };
  write(JSON.stringify({ schedules: { enabled: true, jobs: [job('a', '0 10 * * *'), job('b', '0 9 * * *')] } }));
  await cron.look();
  expect(cron.status.jobs.map(({ name, next_run }) => [name, next_run])).toEqual([
    ['a', '2026-03-02T15:00:00.000Z'],
    ['b', '2026-03-02T14:00:00.000Z'],
  ]);
  write('{"schedules": ');
  await cron.look();
  expect(cron.status.jobs).toHaveLength(2);
  await expect(cron.check()).resolves.toMatchObject({ checks: { configuration: false } });
});

test('a configuration that was broken from the start leaves the jobs that are known', async () => {
  const schedules = { jobs: [job('a', '0 9 * * *')] };
  const first = await openCron({ schedules });
  await first.stop();
  const { home } = first.workbench;
  const { cron } = await openCron({ home, schedules: { jobs: 'none' }, clock: first.clock });
  expect(cron.status.jobs).toMatchObject([{ name: 'a' }]);
});

test('the file has the shape that other programs read', async () => {
  const { workbench, pass } = await openCron({ schedules: { jobs: [job('standup', '0 9 * * *')] } });
  await pass(HOUR);
  await workbench.state.flush();
  expect(JSON.parse(readFileSync(join(workbench.home, 'cron_state.json'), 'utf8'))).toMatchObject({
    enabled: true,
    timezone: 'America/New_York',
    execution_mode: 'in_process',
    jobs: [
      {
        name: 'standup',
        skill: 'note',
        cron: '0 9 * * *',
        enabled: true,
        next_run: '2026-03-03T14:00:00.000Z',
        last_run: '2026-03-02T14:00:00.000Z',
        last_status: 'success',
      },
    ],
    history: [{ job: 'standup', started_at: '2026-03-02T14:00:00.000Z', status: 'success' }],
    updated_at: '2026-03-02T14:00:00.000Z',
  });
});

test('files of older schedulers are read, in both of their shapes', async () => {
  const home = join(emptyFolder(), 'home');
  mkdirSync(home);
  const older = {
    enabled: true,
    timezone: 'Europe/Dublin',
    execution_mode: 'claude_cli',
    jobs: [
      {
        name: 'a',
        skill: 's',
        cron: '0 9 * * *',
        enabled: true,
        next_run: '2026-03-02T09:00:00+00:00',
        last_run: null,
        last_status: 'success',
      },
    ],
    history: [
      {
        job_name: 'a',
        skill: 's',
        timestamp: '2026-03-01T09:00:05+00:00',
        success: false,
        duration_ms: 5_000,
        error: 'no',
        output_preview: 'x',
        session_name: 'y',
      },
      { job: 'a', started_at: '2026-03-02T09:00:00+00:00', completed_at: '2026-03-02T09:00:02+00:00', status: 'success' },
    ],
    updated_at: '2026-03-02T09:00:02+00:00',
  };
  writeFileSync(join(home, 'cron_state.json'), JSON.stringify(older));
  const { state } = await openHome({ home });
  const { jobs, history } = (await state.global().get(cronState)).current;
  expect(jobs).toMatchObject([{ name: 'a', next_run: '2026-03-02T09:00:00.000Z', run: null }]);
  expect(history).toMatchObject([
    { job: 'a', status: 'success', duration_ms: 2_000, completed_at: '2026-03-02T09:00:02.000Z' },
    { job: 'a', status: 'failed', started_at: '2026-03-01T09:00:00.000Z', error: 'no', output_preview: 'x', session_name: 'y' },
  ]);
});
