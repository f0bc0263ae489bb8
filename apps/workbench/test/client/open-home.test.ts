import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { actions, type Call } from '../../client/actions.ts';
import { openHome as openClient, type OpenHome } from '../../client/open-home.ts';
import { cronMethods } from '../../daemons/cron/cron-methods.ts';
import { meetMethods } from '../../daemons/meet/meet-methods.ts';
import { slackMethods } from '../../daemons/slack/slack-methods.ts';
import { sprintMethods } from '../../daemons/sprint/sprint-methods.ts';
import { makeLog } from '../../log.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { workbenchMethods } from '../../methods/workbench-methods.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';

async function openEmpty(files: Readonly<Record<string, unknown>> = {}): Promise<OpenHome & { home: string }> {
  const home = emptyFolder();
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(home, name), typeof content === 'string' ? content : JSON.stringify(content));
  const opened = await openClient({ home, project: home, log: makeLog('silent'), cursorFolder: join(home, 'cursor'), environment: {} });
  onTestFinished(() => opened.close());
  return { ...opened, home };
}

test('what an action changes is in the overview, without waiting for the timer', async () => {
  const { overview, calls } = await openEmpty();
  await overview.refresh();
  await calls.call(actions.switchService('gmail', true));
  await expect
    .poll(() => overview.current.services.value?.find(({ name }) => name === 'gmail'))
    .toEqual({ name: 'gmail', isEnabled: true, isSwitched: true });
});

test('files of older programs are shown: issues, meetings and jobs with what the toggles say', async () => {
  const { overview } = await openEmpty({
    'config.json': { schedules: { jobs: [{ name: 'coffee', skill: 'coffee', cron: '0 8 * * *' }] } },
    'state.json': { jobs: { coffee: false }, meetings: { overrides: { e1: { status: 'skip', timestamp: 1_700_000_000 } } } },
    'sprint_state_v2.json': {
      issues: [{ key: 'AAP-1', summary: 'Say hello', approvalStatus: 'pending', timeline: [] }],
      automaticMode: true,
    },
    'meet_state.json': {
      upcomingMeetings: [{ event_id: 'e1', title: 'Stand-up', start: '2030-01-01T10:00:00Z', calendar: 'Work', mode: 'notes' }],
    },
  });
  const { sprint, meetings, jobs } = await overview.refresh();
  expect(sprint.value).toMatchObject({ isEnabled: true, issues: [{ key: 'AAP-1', summary: 'Say hello', status: 'pending' }] });
  expect(meetings.value?.meetings).toMatchObject([{ id: 'e1', title: 'Stand-up', override: 'skip' }]);
  expect(jobs.value?.jobs).toMatchObject([{ name: 'coffee', isEnabled: false }]);
});

test('a damaged file fails its own source and is told of, with where; given up, it is well again', async () => {
  const { overview, calls, home } = await openEmpty();
  await overview.refresh();
  await calls.call(actions.switchService('gmail', true));
  const path = join(home, 'state.json');
  await expect.poll(() => readFileSync(path, 'utf8'), { timeout: 10_000 }).toContain('gmail');
  writeFileSync(path, '{"services": {');
  await expect
    .poll(() => overview.current.files.value, { timeout: 10_000 })
    .toMatchObject([{ kind: 'absent' }, { kind: 'damaged', path: 'state.json' }]);
  expect(overview.current.sprint.status).toBe('ok');
  await calls.call(actions.acceptFile('state.json'));
  await overview.refresh();
  expect(overview.current.files.value?.map(({ kind }) => kind)).toEqual(['absent']);
}, 40_000);

test('daemons that do not run are said to be so, and calls for them say how to start them', async () => {
  const { overview, calls } = await openEmpty();
  const { health } = await overview.refresh();
  expect(health.value?.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 'stopped'));
  await expect(calls.call(actions.approveIssue('AAP-1'))).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    message: expect.stringContaining('holdfast-workbench start sprint') as string,
  });
});

test('every action is a method that there is, with an input that it takes', async () => {
  const tables: Readonly<Record<string, MethodTable>> = {
    workbench: workbenchMethods(await openHome()),
    // The methods are looked at and not run.
    sprint: new MethodTable(sprintMethods({} as never)),
    meet: new MethodTable(meetMethods({} as never)),
    cron: new MethodTable(cronMethods({} as never)),
    slack: new MethodTable(slackMethods({} as never)),
  };
  const made = Object.entries(actions).map(([name, make]): readonly [string, Call] => [
    name,
    (make as (...input: unknown[]) => Call)(...inputOf(name)),
  ]);
  const wrong = made.filter(([, { target, method, input }]) => {
    const found = tables[target]?.list().find(({ name }) => name === method);
    return found?.input.safeParse(input).success !== true;
  });
  expect(wrong).toEqual([]);
});

/** Something that an action can be made of. */
function inputOf(name: string): readonly unknown[] {
  if (name.endsWith('Message')) return ['3f0e2c1a-7a2b-4c55-9d0e-2b1f4a6c8d9e'];
  if (name.endsWith('Issue')) return ['AAP-1', 'because'];
  if (name.startsWith('switch')) return ['name', true];
  if (name === 'overrideMeeting') return ['e1', 'skip'];
  if (name === 'setMeetingMode') return ['e1', 'notes'];
  if (name === 'setSprintEnabled') return [true];
  if (name === 'acceptFile') return ['state.json'];
  return ['state/current_work'];
}
