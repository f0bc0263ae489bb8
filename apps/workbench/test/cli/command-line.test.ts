import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { inputOf } from '../../cli/call-command.ts';
import { openSessionBus, reasonWithoutBus } from '../support/session-bus.ts';
import { commandLine } from '../support/run-command-line.ts';

// Each command is a process that loads the sources.
vi.setConfig({ testTimeout: 60_000 });

const reason = reasonWithoutBus();

test('daemons are started, seen, called and stopped', async () => {
  const { home, run, begin } = commandLine();
  const started = begin('start', 'cron', 'session');
  await expect(started.line()).resolves.toBe(`cron, session run on ${home}.`);
  const status = await run('status');
  expect(status.stdout).toMatch(/^cron +healthy, for \d+ s, process \d+: The scheduler is switched off\.$/m);
  expect(status.stdout).toMatch(/^sprint +does not run$/m);
  const called = await run('call', 'cron', 'list_jobs');
  expect(JSON.parse(called.stdout)).toMatchObject({ enabled: false, timezone: 'America/New_York', jobs: [] });
  const second = await run('start', 'cron');
  expect([second.code, second.stderr]).toEqual([
    1,
    expect.stringMatching(/^holdfast-workbench: The cron daemon runs already: process \d+/),
  ]);
  await expect(run('stop')).resolves.toMatchObject({ code: 0, stdout: 'Ended: cron, session.\n' });
  await started.ended;
  expect(started.process.exitCode).toBe(0);
  await expect(run('status', '--json')).resolves.toMatchObject({ stdout: expect.stringContaining('"running":false') as string });
});

test('SIGTERM ends a start in order', async () => {
  const { run, begin } = commandLine();
  const started = begin('start', 'cron');
  await started.line();
  await started.kill('SIGTERM');
  expect(started.process.exitCode).toBe(0);
  await expect(run('stop')).resolves.toMatchObject({ code: 0, stdout: 'None of them runs.\n' });
});

test('everything is said as JSON when that is wanted, also what went wrong', async () => {
  const { home, run, begin } = commandLine();
  const started = begin('start', 'cron', '--json');
  expect(JSON.parse((await started.line()) ?? '')).toMatchObject({ running: ['cron'], home, pid: started.process.pid });
  const status = JSON.parse((await run('status', 'cron', '--json')).stdout) as { daemons: unknown[] };
  expect(status.daemons).toMatchObject([{ name: 'cron', running: true, status: { health: { level: 'healthy' } } }]);
  const wrong = await run('call', 'cron', 'job_history', 'limit=0', '--json');
  expect([wrong.code, JSON.parse(wrong.stderr)]).toMatchObject([2, { error: { code: 'INVALID_INPUT' } }]);
  const absent = await run('call', 'sprint', 'ping', '--json');
  expect([absent.code, JSON.parse(absent.stderr)]).toMatchObject([3, { error: { code: 'UNAVAILABLE' } }]);
});

test.each([
  [['start', 'nothing'], 1, 'There is no daemon "nothing"; there are cron'],
  [['call', 'cron', 'ping', 'x'], 2, 'write name=value'],
  [['completion', 'tcsh'], 2, 'there is for bash, zsh, fish'],
  [['fly'], 2, "unknown command 'fly'"],
])('%j ends with %i and says what to do', async (args, code, message) => {
  await expect(commandLine().run(...args)).resolves.toMatchObject({ code, stderr: expect.stringContaining(message) as string });
});

test('agents are served over HTTP until it is told to end', async () => {
  const { begin } = commandLine();
  const serving = begin('mcp', '--port', '0');
  const [, url = ''] = /^MCP is served at (http:\S+)$/.exec((await serving.line()) ?? '') ?? [];
  expect((await fetch(url)).status).toBeGreaterThanOrEqual(400);
  await serving.kill('SIGTERM');
  expect(serving.process.exitCode).toBe(0);
});

test('help names every command', async () => {
  const { stdout, code } = await commandLine().run('--help');
  expect(code).toBe(0);
  for (const name of ['start', 'status', 'stop', 'call', 'mcp', 'init', 'completion', '--json']) expect(stdout).toContain(name);
});

test('init makes the home and a configuration, and leaves what is there', async () => {
  const { home, project, run } = commandLine();
  await expect(run('init')).resolves.toMatchObject({ code: 0 });
  expect(statSync(home).mode & 0o777).toBe(0o700);
  expect(readFileSync(join(project, 'config.json'), 'utf8')).toContain('"token": "${JIRA_TOKEN}"');
  writeFileSync(join(project, 'config.json'), '{"mine": true}');
  await expect(run('init')).resolves.toMatchObject({ stdout: expect.stringContaining('is left as it is') as string });
  expect(readFileSync(join(project, 'config.json'), 'utf8')).toBe('{"mine": true}');
});

test('init writes a unit of systemd only when that is wanted', async () => {
  const { home, run, environment } = commandLine();
  const unit = join(String(environment['HOME']), '.config/systemd/user/holdfast-workbench.service');
  await run('init');
  expect(existsSync(unit)).toBe(false);
  await run('init', '--systemd');
  const text = readFileSync(unit, 'utf8');
  expect(text).toContain('NotifyAccess=all');
  expect(text).toMatch(/^ExecStart="[^"]+node[^"]*" "-C" "holdfast-source" "[^"]+main\.ts" "start"$/m);
  expect(text).toContain(`"AA_WORKFLOW_HOME=${home}"`);
  // Where systemd is not there, nothing is said.
  const { stderr } = spawnSync('systemd-analyze', ['verify', '--user', unit], { encoding: 'utf8' });
  expect(stderr ?? '').not.toContain('holdfast-workbench.service:');
});

test('bash completes commands, daemons and options', async () => {
  const { stdout } = await commandLine().run('completion', 'bash');
  const complete = (...words: readonly string[]): string =>
    execFileSync(
      'bash',
      ['-c', `${stdout}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _holdfast_workbench; echo "\${COMPREPLY[*]}"`, '-', ...words],
      {
        encoding: 'utf8',
      },
    ).trim();
  expect(complete('holdfast-workbench', 'sta')).toBe('start status');
  expect(complete('holdfast-workbench', 'start', 'cr')).toBe('cron');
  expect(complete('holdfast-workbench', 'call', '--v')).toBe('--via');
});

test.each(['zsh', 'fish'])('there is a completion for %s', async (shell) => {
  const { stdout, code } = await commandLine().run('completion', shell);
  expect(code).toBe(0);
  expect(stdout).toContain('cron');
});

test('arguments are one JSON object, or name=value each', () => {
  expect(inputOf([])).toEqual({});
  expect(inputOf(['{"limit": 5}'])).toEqual({ limit: 5 });
  expect(inputOf(['limit=5', 'job=a=b', 'on=true', 'text='])).toEqual({ limit: 5, job: 'a=b', on: true, text: '' });
  expect(() => inputOf(['{x'])).toThrow('is none');
  for (const wrong of ['=1', 'x']) expect(() => inputOf([wrong])).toThrow('name=value');
});

describe.skipIf(reason)(`on a session bus${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('a daemon is called by the bus as by its socket', async () => {
    const { DBUS_SESSION_BUS_ADDRESS = '' } = await openSessionBus();
    const { run, begin } = commandLine({ DBUS_SESSION_BUS_ADDRESS });
    await begin('start', 'cron').line();
    const answers = await Promise.all((['dbus', 'socket'] as const).map((via) => run('call', 'cron', 'list_jobs', '--via', via)));
    expect(answers[0]).toMatchObject({ code: 0, stdout: expect.stringContaining('"jobs": []') as string });
    expect(answers[1]).toEqual(answers[0]);
  });
});
