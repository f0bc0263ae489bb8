import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReport } from 'holdfast/files';
import { expect, test } from 'vitest';
import { fileMethods } from '../../methods/file-methods.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';

const BAR = 'file:///home/anna/src/bar';
const MENU = '11111111-1111-4111-8111-111111111111';

/** A home with a file of an older program in it. */
function homeWith(fixture: string): string {
  const home = join(emptyFolder(), 'home');
  mkdirSync(home);
  copyFileSync(join(import.meta.dirname, '../fixtures/workspace-states', fixture), join(home, 'workspace_states.json'));
  return home;
}

function fileOf(home: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(home, 'workspace_states.json'), 'utf8')) as Record<string, unknown>;
}

test('sessions by id are read with times, issues and fields that are not known', async () => {
  const home = homeWith('by-id.json');
  const { workspaces } = await openHome({ home });
  expect(workspaces.getWorkspace(BAR)).toMatchObject({
    project: 'bar',
    persona: 'developer',
    activeIssue: 'AAP-1',
    activeBranch: 'aap-1-menu',
  });
  expect(workspaces.getSession(MENU)).toMatchObject({
    issueKeys: ['AAP-1', 'AAP-2'],
    toolCallCount: 3,
    updatedAt: '2026-02-01T11:59:00+01:00',
  });
  await workspaces.updateSession(MENU, { name: 'Wine' });
  await workspaces.persist();
  expect(fileOf(home)).toMatchObject({
    $definition: 2,
    version: 2,
    workspaces: { [BAR]: { colour: 'teal', sessions: { [MENU]: { mood: 'good', name: 'Wine' } } } },
  });
});

test('a flat list beside is taken into the workspaces, and what stands in both is taken from the workspace', async () => {
  const { workspaces } = await openHome({ home: homeWith('flat-list.json') });
  expect(workspaces.getSession('s-1')).toMatchObject({ name: 'Menu', persona: 'devops', createdAt: '2026-01-30T08:00:00Z' });
  expect(workspaces.getSession('s-2')).toMatchObject({
    workspaceUri: 'file:///home/anna/src/inn',
    createdAt: '2026-01-30T08:00:00.000Z',
    updatedAt: '2026-01-30T09:00:00.500Z',
  });
  expect(workspaces.getSession('s-3')).toMatchObject({ workspaceUri: 'default', name: 'Nowhere' });
  expect(workspaces.getWorkspace(BAR)?.activeSessionId).toBeNull();
});

test('sections of the user interface in an export of version 3 are kept', async () => {
  const home = homeWith('export-3.json');
  const { workspaces } = await openHome({ home });
  expect(workspaces.getSession('s-1')).toMatchObject({ name: 'Menu', workspaceUri: BAR });
  await workspaces.createSession({ workspaceUri: BAR });
  await workspaces.persist();
  expect(fileOf(home)).toMatchObject({
    version: 3,
    exported_at: '2026-02-01T12:00:00.123456+00:00',
    services: { slack: { running: true } },
    ollama: [{ name: 'npu', online: false }],
    cron: { jobs: [] },
    sprint: { current: 'Sprint 7', issues: [{ key: 'AAP-9' }] },
  });
});

test.each([
  ['another file', { colour: 'teal' }],
  ['workspaces that are no object', { workspaces: 7 }],
  ['a session that is no object', { workspaces: { [BAR]: { sessions: { one: 'text' } } } }],
  ['a list whose sessions have no id', { workspaces: {}, sessions: [{ name: 'Menu' }] }],
])('%s is refused, reported and left as it is', async (_what, content) => {
  const home = join(emptyFolder(), 'home');
  mkdirSync(home);
  const text = JSON.stringify(content);
  writeFileSync(join(home, 'workspace_states.json'), text);
  const reports: FileReport[] = [];
  const workbench = await openHome({ home, onReport: (report) => void reports.push(report) });
  const { workspaces } = workbench;
  expect(reports).toMatchObject([{ kind: 'invalid', path: 'workspace_states.json' }]);
  await expect(workspaces.createSession()).rejects.toMatchObject({ code: 'REFUSED' });
  const accepted = new MethodTable(fileMethods(workbench)).call('files_accept', { path: 'workspace_states.json' });
  await expect(accepted).rejects.toMatchObject({ code: 'REFUSED' });
  await workspaces.persist();
  expect(readFileSync(join(home, 'workspace_states.json'), 'utf8')).toBe(text);
  rmSync(join(home, 'workspace_states.json'));
  await workspaces.load();
  await expect(workspaces.createSession()).resolves.toMatchObject({ workspaceUri: 'default' });
});
