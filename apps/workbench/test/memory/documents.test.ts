import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openMemoryFolder } from '../support/memory-folder.ts';

const WORK = {
  active_issues: [{ key: 'AAP-1', summary: 'Login fails', status: 'In Progress', branch: 'aap-1', started_at: '2026-03-01T09:00:00Z' }],
  active_mrs: [],
  follow_ups: ['ask Anna'],
};

test('a document that is written is read by the next process, and is a YAML file', async () => {
  const first = await openMemoryFolder();
  await first.call('memory_write', { key: 'state/current_work', content: WORK });
  await first.workbench.close();
  expect(first.file('state/current_work.yaml')).toContain('key: AAP-1');
  const second = await openMemoryFolder({}, { home: first.home });
  await expect(second.content('state/current_work')).resolves.toEqual(WORK);
});

test('a bad document is refused with every place, and nothing is written', async () => {
  const { call, content } = await openMemoryFolder();
  await call('memory_write', { key: 'state/current_work', content: WORK });
  const bad = { active_issues: [{ key: 'AAP1', summary: 1, status: 'x' }], active_mrs: [{ title: 'x', status: 'open' }], follow_ups: [{}] };
  const refusal = call('memory_write', { key: 'state/current_work', content: bad });
  await expect(refusal).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  for (const place of ['active_issues.0.key', 'active_issues.0.summary', 'active_mrs.0.id', 'follow_ups.0'])
    await expect(refusal).rejects.toThrow(place);
  await expect(content('state/current_work')).resolves.toEqual(WORK);
});

test.each([
  ['state/environments', { environments: { prod: { last_checked: 'yesterday' } } }, 'environments.prod.last_checked'],
  ['state/shared_context', { investigation: 'x' }, 'investigation'],
  ['learned/patterns', { error_patterns: [{ meaning: 'x' }] }, 'error_patterns.0.pattern'],
  ['learned/tool_failures', { auto_heal_stats: { total_heals: -1 } }, 'auto_heal_stats.total_heals'],
  ['learned/tool_fixes', { tool_fixes: [{ tool_name: 'x' }] }, 'tool_fixes.0.error_pattern'],
  ['learned/usage_patterns', { usage_patterns: [{ error: 'x', tool: 'x', count: 'many' }] }, 'usage_patterns.0.count'],
  ['sessions/2026-03-02', { entries: [{ action: 'x' }] }, 'entries.0.time'],
  ['state/projects/bar/current_work', { active_issues: {} }, 'active_issues'],
])('%s has a schema', async (key, content, place) => {
  const { call } = await openMemoryFolder();
  await expect(call('memory_write', { key, content })).rejects.toThrow(place);
});

describe('a key', () => {
  test.each([
    '../state/x',
    'state/../../x',
    '/etc/passwd',
    'state//x',
    'state',
    'other/x',
    'state/.hidden',
    'state/x.',
    'state/x\0y',
    'state/a\\b',
    'state/x.conflict-1',
    'state/x.yaml.yaml',
    'state/%2e%2e/x/..',
    `state/${'x'.repeat(300)}`,
    'state/a/b/c/d/e/f/g/h',
    'knowledge/\u202Ex',
    '.index.db',
  ])('never leads out of memory: %j', async (key) => {
    const { call, home } = await openMemoryFolder();
    await expect(call('memory_write', { key, content: {} })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(call('memory_read', { key })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(existsSync(join(home, 'memory', 'state'))).toBe(false);
  });

  test.each([
    'knowledge/Störung im Netz',
    'knowledge/incident/2026-03/db (second)',
    'learned/tool_fixes.yaml',
    'state/constructor',
    'knowledge/a/b.yml',
  ])('may be %j', async (key) => {
    const { call } = await openMemoryFolder();
    await call('memory_write', { key, content: {} });
    await expect(call('memory_read', { key })).resolves.toMatchObject({ content: {}, version: 1 });
  });
});

describe('what a person adds to the folder', () => {
  test('is found anywhere in knowledge, and taken', async () => {
    const { call, writeFile } = await openMemoryFolder({ 'knowledge/devops/clusters.yaml': '# mine\nprod: eu-1\n' });
    writeFile('knowledge/incident/2026/db.yml', '- restart it\n');
    await expect(call('memory_list')).resolves.toEqual({ keys: ['knowledge/devops/clusters', 'knowledge/incident/2026/db.yml'] });
    await expect(call('memory_read', { key: 'knowledge/devops/clusters' })).resolves.toMatchObject({ content: { prod: 'eu-1' } });
    await expect(call('memory_read', { key: 'knowledge/incident/2026/db.yml' })).resolves.toMatchObject({ content: ['restart it'] });
  });

  test('keeps its comments, the order of its keys and its way of writing when a program changes it', async () => {
    const text = '# how we deploy\nzulu: "1" # last\nalpha: [1, 2]\nsteps:\n  # first\n  - build\n';
    const { call, file, workbench } = await openMemoryFolder({ 'knowledge/devops/deploy.yaml': text });
    await call('memory_append', { key: 'knowledge/devops/deploy', path: 'steps', item: 'test' });
    await workbench.state.flush();
    expect(file('knowledge/devops/deploy.yaml')).toBe(`${text}  - test\n`);
  });

  test('and what a program changes meanwhile at another place are both kept', async () => {
    const { call, content, writeFile } = await openMemoryFolder({ 'knowledge/x.yaml': 'a: 1\nb: 1\n' });
    await call('memory_read', { key: 'knowledge/x' });
    writeFile('knowledge/x.yaml', 'a: 2\nb: 1\n');
    await call('memory_update', { key: 'knowledge/x', path: 'b', value: 2 });
    await expect(content('knowledge/x')).resolves.toEqual({ a: 2, b: 2 });
  });

  test('is no document when it is hidden, of another kind, or a link', async () => {
    const { call, home } = await openMemoryFolder({ 'knowledge/.x.yaml': 'a: 1\n', 'knowledge/x.txt': 'a', 'other/x.yaml': 'a: 1\n' });
    const { symlinkSync } = await import('node:fs');
    symlinkSync('/etc/hostname', join(home, 'memory/knowledge/link.yaml'));
    await expect(call('memory_list')).resolves.toEqual({ keys: [] });
  });
});

describe('a damaged file', () => {
  const GOOD = 'open: 1\n';

  test('leaves the last good version, read-only, until it is repaired', async () => {
    const { call, writeFile, file } = await openMemoryFolder({ 'knowledge/x.yaml': GOOD });
    await call('memory_read', { key: 'knowledge/x' });
    writeFile('knowledge/x.yaml', 'open: [1\n');
    await expect(call('memory_read', { key: 'knowledge/x' })).resolves.toMatchObject({
      content: { open: 1 },
      problem: expect.stringContaining('line') as string,
    });
    await expect(call('memory_update', { key: 'knowledge/x', path: 'open', value: 2 })).rejects.toMatchObject({ code: 'REFUSED' });
    expect(file('knowledge/x.yaml')).toBe('open: [1\n');
    writeFile('knowledge/x.yaml', 'open: 3\n');
    await call('memory_update', { key: 'knowledge/x', path: 'closed', value: true });
    await expect(call('memory_read', { key: 'knowledge/x' })).resolves.toMatchObject({ content: { open: 3, closed: true } });
  });

  test('is rendered over when the last good version is accepted', async () => {
    const { call, writeFile, file } = await openMemoryFolder({ 'knowledge/x.yaml': GOOD });
    await call('memory_read', { key: 'knowledge/x' });
    writeFile('knowledge/x.yaml', '{{{');
    await expect(call('memory_accept', { key: 'knowledge/x' })).resolves.toMatchObject({ content: { open: 1 } });
    expect(file('knowledge/x.yaml')).toBe(GOOD);
  });

  test('that was never good is no empty document', async () => {
    const { call, file } = await openMemoryFolder({ 'state/current_work.yaml': 'active_issues: [{key: nohyphen}]\n' });
    await expect(call('memory_read', { key: 'state/current_work' })).rejects.toMatchObject({
      code: 'REFUSED',
      message: expect.stringContaining('hyphen') as string,
    });
    await expect(call('memory_append', { key: 'state/current_work', path: 'follow_ups', item: 'x' })).rejects.toMatchObject({
      code: 'REFUSED',
    });
    expect(file('state/current_work.yaml')).toContain('nohyphen');
  });

  test('does not keep the others from being listed, searched and measured', async () => {
    const { call } = await openMemoryFolder({ 'knowledge/bad.yaml': ':\n  - [', 'knowledge/good.yaml': 'note: fine\n' });
    await expect(call('memory_search', { query: 'fine' })).resolves.toMatchObject({ hits: [{ key: 'knowledge/good' }] });
    await expect(call('memory_stats')).resolves.toMatchObject({ documents: 1, warnings: [expect.stringContaining('bad.yaml') as string] });
  });
});

test('a document that is not there is refused with those beside it', async () => {
  const { call } = await openMemoryFolder({ 'knowledge/devops/clusters.yaml': 'a: 1\n' });
  await expect(call('memory_read', { key: 'knowledge/devops/cluster' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('knowledge/devops/clusters') as string,
  });
});

test('two processes append to one list at once and nothing is lost', async () => {
  const first = await openMemoryFolder();
  const second = await openMemoryFolder({}, { home: first.home });
  const append = (number: number): Promise<unknown> =>
    (number % 2 === 0 ? first : second).call('memory_append', { key: 'state/current_work', path: 'follow_ups', item: `task ${number}` });
  await Promise.all(Array.from({ length: 40 }, (_, number) => append(number)));
  await second.workbench.memory.documents.read('state/current_work');
  await expect(first.content('state/current_work')).resolves.toMatchObject({ follow_ups: { length: 40 } });
});

test('a document of over a megabyte is refused', async () => {
  const { call } = await openMemoryFolder();
  await expect(call('memory_write', { key: 'knowledge/x', content: { text: 'x'.repeat(1_000_001) } })).rejects.toMatchObject({
    code: 'INVALID_INPUT',
  });
});
