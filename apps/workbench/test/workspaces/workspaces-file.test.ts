import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReport } from 'holdfast/files';
import { expect, test, vi } from 'vitest';
import { fileMethods } from '../../methods/file-methods.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { callMethod } from '../support/call-method.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { RunningProgram } from '../support/run-program.ts';

const BAR = 'file:///home/anna/src/bar';

interface Shown {
  workspaces: Record<string, { persona: string | null; sessions: Record<string, { name: string | null; last_tool: string | null }> }>;
}

function read(path: string): Shown {
  return JSON.parse(readFileSync(path, 'utf8')) as Shown;
}

test('a restart restores workspaces, sessions and which of them are active', async () => {
  const home = join(emptyFolder(), 'home');
  const first = await openHome({ home });
  await first.workspaces.setActiveWorkspace(BAR);
  const session = await first.workspaces.createSession({ name: 'Menu' });
  await first.workspaces.touch('git_status');
  const before = first.workspaces.listWorkspaces();
  await first.close();
  const { workspaces } = await openHome({ home });
  expect(workspaces.listWorkspaces()).toEqual(before);
  expect(workspaces.getActiveSession()?.sessionId).toBe(session.sessionId);
});

test('everything is in the file by itself a moment after', async () => {
  const { workspaces, home } = await openHome({ renderAfterMs: 20 });
  const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
  const path = join(home, 'workspace_states.json');
  await vi.waitFor(() => expect(read(path).workspaces[BAR]?.sessions[sessionId]).toMatchObject({ session_id: sessionId }));
});

test('a second process sees changes live, and the first one what the second does', async () => {
  const { workspaces, home } = await openHome();
  const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
  const other = await RunningProgram.start('keep-sessions', [home]);
  expect(await other.tell(`show ${sessionId}`)).toMatchObject({ sessionId, lastTool: null });
  const seen = Promise.withResolvers<void>();
  workspaces.subscribe(() => workspaces.getSession(sessionId)?.lastTool === 'theirs' && seen.resolve());
  await other.tell(`touch ${sessionId} theirs`);
  await seen.promise;
  await workspaces.touch('ours');
  await vi.waitFor(async () => expect(await other.tell(`show ${sessionId}`)).toMatchObject({ lastTool: 'ours', toolCallCount: 2 }));
  expect(await other.end()).toBe(0);
});

test('a file that somebody deletes is reported and written again, and nothing is lost', async () => {
  const reports: FileReport[] = [];
  const { workspaces, home } = await openHome({ onReport: (report) => void reports.push(report) });
  const path = join(home, 'workspace_states.json');
  const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
  await workspaces.persist();
  rmSync(path);
  await workspaces.load();
  await workspaces.persist();
  expect(reports).toMatchObject([{ kind: 'deleted', path: 'workspace_states.json' }]);
  expect(existsSync(path)).toBe(true);
  expect(workspaces.getSession(sessionId)).toBeDefined();
  expect(read(path).workspaces[BAR]?.sessions).toHaveProperty([sessionId]);
});

test('an edit by hand is taken, and merged with what was committed before it was noticed', async () => {
  const { workspaces, home } = await openHome({ renderAfterMs: 60_000 });
  const path = join(home, 'workspace_states.json');
  const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
  await workspaces.persist();
  const edited = read(path);
  edited.workspaces[BAR]!.sessions[sessionId]!.name = 'By hand';
  const committed = workspaces.touch('ours');
  writeFileSync(path, JSON.stringify(edited));
  await committed;
  await workspaces.load();
  expect(workspaces.getSession(sessionId)).toMatchObject({ name: 'By hand', lastTool: 'ours', toolCallCount: 1 });
  await workspaces.persist();
  expect(read(path).workspaces[BAR]?.sessions[sessionId]).toMatchObject({ name: 'By hand', last_tool: 'ours' });
});

test('a damaged file is reported with its place and left as it is; the last good version is read-only until it is repaired', async () => {
  const reports: FileReport[] = [];
  const { workspaces, home } = await openHome({ onReport: (report) => void reports.push(report) });
  const path = join(home, 'workspace_states.json');
  const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
  await workspaces.persist();
  const good = read(path);
  writeFileSync(path, '{ "workspaces": {');
  await workspaces.load();
  expect(reports).toMatchObject([{ kind: 'damaged', path: 'workspace_states.json', line: 1 }]);
  expect(workspaces.getSession(sessionId)).toBeDefined();
  await expect(workspaces.touch('ours')).rejects.toMatchObject({ code: 'REFUSED', message: expect.stringContaining('line 1') as string });
  expect(readFileSync(path, 'utf8')).toBe('{ "workspaces": {');
  good.workspaces[BAR]!.sessions[sessionId]!.name = 'Repaired';
  writeFileSync(path, JSON.stringify(good));
  await workspaces.load();
  await workspaces.touch('ours');
  expect(workspaces.getSession(sessionId)).toMatchObject({ name: 'Repaired', lastTool: 'ours' });
});

test('a damaged file that somebody gives up is written over by the last good version', async () => {
  const workbench = await openHome();
  const { workspaces, home } = workbench;
  const files = new MethodTable(fileMethods(workbench));
  const path = join(home, 'workspace_states.json');
  await workspaces.createSession({ workspaceUri: BAR });
  await workspaces.persist();
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, '[]');
  await workspaces.load();
  await expect(callMethod(files, 'files_problems')).resolves.toMatchObject({
    problems: [{ path: 'workspace_states.json', kind: 'invalid' }],
  });
  await expect(callMethod(files, 'files_accept', { path: 'workspace_states.json' })).resolves.toEqual({
    accepted: 'workspace_states.json',
  });
  expect(readFileSync(path, 'utf8')).toBe(good);
  await expect(files.call('files_problems', {})).resolves.toEqual({ problems: [] });
  await workspaces.createSession({ workspaceUri: BAR });
  for (const other of ['workspace_states.json', '../../etc/passwd'])
    await expect(files.call('files_accept', { path: other })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});
