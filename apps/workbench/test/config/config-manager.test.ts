import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Secret } from 'holdfast';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../clock.ts';
import { ConfigManager, type ConfigOptions } from '../../config/config-manager.ts';
import { configMethods } from '../../config/config-methods.ts';
import { makeLog } from '../../log.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { emptyFolder } from '../support/open-home.ts';

const WHOLE = { jira: { server: 'https://jira.example' }, gitlab: { url: 'https://gitlab.example' } };

function write(project: string, config: unknown): void {
  writeFileSync(join(project, 'config.json'), typeof config === 'string' ? config : JSON.stringify(config));
}

function configOf(config: unknown, options: Partial<ConfigOptions> = {}): ConfigManager {
  const project = emptyFolder();
  if (config !== undefined) write(project, config);
  const manager = ConfigManager.open({ project, environment: {}, clock: systemClock, log: makeLog('silent'), ...options });
  onTestFinished(() => manager.close());
  return manager;
}

test('a section, a value in it and a default are given out', () => {
  const config = configOf({ ...WHOLE, repositories: { api: { path: '/src/api' } }, own: { x: 1 } });
  expect(config.get('repositories')).toEqual({ api: { path: '/src/api' } });
  expect(config.get('jira', 'server')).toBe('https://jira.example');
  expect(config.get('jira', 'project')).toBe('AAP');
  expect(config.get('user', 'name', 'nobody')).toBe('nobody');
  expect(config.get('own', 'x')).toBe(1);
  expect(config.get('constructor')).toBeUndefined();
});

test('what is given out cannot be changed', () => {
  expect(Object.isFrozen(configOf({ ...WHOLE, own: { list: [{}] } }).get('own', 'list'))).toBe(true);
});

test('names of the older shape are read', () => {
  const config = configOf({
    jira: { url: 'https://jira.example', default_project: 'PROJ' },
    gitlab: { host: 'gitlab.example' },
    commit_format: { pattern: '{issue_key} - {description}' },
    repositories: { api: { gitlab: 'org/api' } },
    user: { full_name: 'Anna' },
  });
  expect(config.problems).toEqual([]);
  expect([config.get('jira', 'server'), config.get('jira', 'project'), config.get('gitlab', 'url')]).toEqual([
    'https://jira.example',
    'PROJ',
    'https://gitlab.example',
  ]);
  expect([config.get('commit', 'format'), config.get('user', 'name')]).toEqual(['{issue_key} - {description}', 'Anna']);
  expect(config.get('repositories')).toMatchObject({ api: { gitlabPath: 'org/api' } });
});

test('every problem is given with its path', () => {
  const config = configOf({
    jira: { project: 7 },
    repositories: { api: {}, web: { path: '/src/web' } },
    schedules: {
      timezone: 'Mars/Olympus',
      jobs: [
        { name: 'a', skill: 's', cron: 'at noon' },
        { name: 'b', skill: 's', cron: '0 9 * * *' },
      ],
    },
  });
  expect(config.validate().map(({ kind, path }) => `${kind} ${path}`)).toEqual([
    'invalid jira.project',
    'invalid repositories.api',
    'invalid schedules.timezone',
    'invalid schedules.jobs.0.cron',
    'missing jira.server',
    'missing gitlab.url',
  ]);
});

test('a job that lacks something breaks the file, and so the last good one stays', () => {
  const project = emptyFolder();
  write(project, { ...WHOLE, schedules: { jobs: [{ name: 'a', skill: 's', cron: '0 9 * * *' }] } });
  const config = configOf(undefined, { project });
  write(project, { ...WHOLE, schedules: { jobs: [{ name: 'b', skill: 's' }] } });
  expect(config.reload()).toEqual([{ kind: 'invalid', path: 'schedules.jobs.0.cron', message: 'is missing' }]);
  expect(config.get('schedules', 'jobs')).toMatchObject([{ name: 'a' }]);
});

test('two jobs of one name are a problem', () => {
  const job = { name: 'a', skill: 's', cron: '0 9 * * *' };
  expect(configOf({ ...WHOLE, schedules: { jobs: [job, job] } }).problems).toMatchObject([{ path: 'schedules.jobs.1.name' }]);
});

test('a missing required value does not keep the rest from working', () => {
  const config = configOf({ user: { name: 'Anna' }, jira: { project: 'P' } });
  expect(config.problems).toMatchObject([
    { kind: 'missing', path: 'jira.server' },
    { kind: 'missing', path: 'gitlab.url' },
  ]);
  expect([config.get('user', 'name'), config.get('jira', 'project')]).toEqual(['Anna', 'P']);
});

test('strict refuses any problem, and lists them', () => {
  expect(() => configOf({ repositories: { api: {} } }, { strict: true })).toThrow(/repositories\.api.*jira\.server.*gitlab\.url/);
  expect(configOf(WHOLE, { strict: true }).get('gitlab', 'url')).toBe('https://gitlab.example');
});

test('a file that is no JSON is a problem with its line, and nothing of it is quoted', () => {
  for (const text of ['{\n  "token": tru xoxb-12345678\n}', '{\n "token": "xoxb-12345678",\n}', 'xoxb-12345678', '{"a": "xoxb-12345678']) {
    const [problem] = configOf(text).validate();
    expect(problem).toMatchObject({ kind: 'unreadable', line: expect.any(Number) as number, column: expect.any(Number) as number });
    expect(JSON.stringify(problem)).not.toContain('xoxb');
  }
});

test.each([
  ['a list', '[]'],
  ['another encoding', Buffer.from([0x7b, 0xff, 0x7d])],
  ['more than 1 MB', `{"a": "${'x'.repeat(1_048_576)}"}`],
])('%s is not taken', (_what, content) => {
  const project = emptyFolder();
  writeFileSync(join(project, 'config.json'), content);
  expect(configOf(undefined, { project }).problems).toMatchObject([{ kind: 'unreadable' }]);
});

test('values name variables of the environment, and the home directory', () => {
  const environment = { HOME: '/home/anna', HOST: 'jira.example', EMPTY: '' };
  const config = configOf(
    {
      ...WHOLE,
      jira: { server: 'https://${HOST}/x', email: '$WHO', project: '${EMPTY:-P}' },
      paths: { kube: '~/.kube' },
      own: { command: 'echo ${HOME}' },
    },
    { environment },
  );
  expect(config.get('jira')).toEqual({ server: 'https://jira.example/x', project: 'P' });
  expect(config.get('paths', 'kube')).toBe('/home/anna/.kube');
  expect(config.get('own', 'command')).toBe('echo ${HOME}');
  expect(config.problems).toEqual([
    { kind: 'environment', path: 'jira.email', message: 'names the environment variable WHO, which is not set' },
  ]);
});

test('tokens are secrets that nothing prints', () => {
  const canary = 'canary-4711';
  const config = configOf(
    {
      ...WHOLE,
      slack: { tokens: { bot: canary }, auth: { d_cookie: canary } },
      gitlab: { url: 'https://gitlab.example', token: '$TOKEN' },
    },
    { environment: { TOKEN: canary } },
  );
  expect(config.get('gitlab', 'token')).toBeInstanceOf(Secret);
  expect(config.get('gitlab', 'token')?.reveal()).toBe(canary);
  expect(config.get('slack', 'tokens')?.['bot']?.reveal()).toBe(canary);
  for (const shown of [JSON.stringify(config.current), inspect(config.current, { depth: 9 }), inspect(config)])
    expect(shown).not.toContain(canary);
});

test('hostile keys and depths are problems and do nothing', () => {
  const config = configOf(`{"own": {"__proto__": {"polluted": true}}, "deep": ${'['.repeat(200)}${']'.repeat(200)}}`);
  expect(config.problems.map(({ path }) => path)).toContain('own.__proto__');
  expect(config.problems.some(({ message }) => message.includes('nested'))).toBe(true);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a change of the file is noticed and told', async () => {
  const project = emptyFolder();
  write(project, WHOLE);
  const config = configOf(undefined, { project });
  const told = vi.fn<(news: unknown) => void>();
  config.subscribe(told);
  write(project, { ...WHOLE, user: { name: 'Anna' } });
  await vi.waitFor(() => expect(config.get('user', 'name')).toBe('Anna'), 10_000);
  expect(told).toHaveBeenCalledExactlyOnceWith({ config: config.current, problems: [] });
});

test.each([
  ['is no JSON', '{"jira": '],
  ['does not fit', { ...WHOLE, user: { name: 7 } }],
])('a file that %s while running is reported, and the last good one stays', async (_what, broken) => {
  const project = emptyFolder();
  write(project, { ...WHOLE, user: { name: 'Anna' } });
  const config = configOf(undefined, { project });
  const told = vi.fn<(news: unknown) => void>();
  config.subscribe(told);
  write(project, broken);
  await vi.waitFor(() => expect(told).toHaveBeenCalled(), 10_000);
  expect(config.problems).toHaveLength(1);
  expect(config.get('user', 'name')).toBe('Anna');
  write(project, { ...WHOLE, user: { name: 'Berta' } });
  await vi.waitFor(() => expect(config.get('user', 'name')).toBe('Berta'), 10_000);
  expect(config.problems).toEqual([]);
});

test('a file that is deleted while running is reported, and the last good one stays', () => {
  const project = emptyFolder();
  write(project, WHOLE);
  const config = configOf(undefined, { project });
  rmSync(join(project, 'config.json'));
  expect(config.reload()).toMatchObject([{ kind: 'absent', message: 'config.json is not there.' }]);
  expect(config.get('jira', 'project')).toBe('AAP');
});

test('a file that was broken from the start gives the sections that fit', () => {
  const config = configOf({ ...WHOLE, user: { name: 7 } });
  expect(config.get('user')).toBeUndefined();
  expect(config.get('gitlab', 'url')).toBe('https://gitlab.example');
});

test('the file is found by AA_WORKFLOW_CONFIG, which names it or its folder', () => {
  const project = emptyFolder();
  write(project, { ...WHOLE, user: { name: 'Anna' } });
  for (const AA_WORKFLOW_CONFIG of [project, join(project, 'config.json')]) {
    const config = ConfigManager.open({ environment: { AA_WORKFLOW_CONFIG }, clock: systemClock, log: makeLog('silent') });
    expect(config.get('user', 'name')).toBe('Anna');
    config.close();
  }
});

test('personas are tool modules by name, also where only a list stands', () => {
  const config = configOf({ ...WHOLE, personas: { developer: ['git', 'jira'], devops: { tools: ['k8s'], description: 'x' } } });
  expect(config.get('personas')).toEqual({ developer: { tools: ['git', 'jira'] }, devops: { tools: ['k8s'], description: 'x' } });
});

test('clients read, check and reload by methods, and see no token', async () => {
  const config = configOf({ ...WHOLE, gitlab: { url: 'https://gitlab.example', token: 'canary-4711' } });
  const methods = new MethodTable(configMethods(config));
  expect(JSON.stringify(await methods.call('config_get', {}))).not.toContain('canary');
  await expect(methods.call('config_get', { section: 'jira', key: 'project' })).resolves.toBe('AAP');
  await expect(methods.call('config_validate', {})).resolves.toEqual({ path: config.path, isValid: true, problems: [] });
  write(join(config.path, '..'), {});
  await expect(methods.call('config_reload', {})).resolves.toMatchObject({ isValid: false });
});
