import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { WorkspaceRegistry } from '../../workspaces/workspace-registry.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';

const BAR = 'file:///home/anna/src/bar';
const SETTINGS = {
  repositories: { bar: '/home/anna/src/bar' },
  personas: { developer: ['git', 'gitlab'], devops: ['k8s', 'git'] },
};
const HOUR = 3_600_000;
const UUID = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

async function openBar(clock = new ManualClock('2026-03-02T09:00:00-05:00')) {
  const { state, store, home } = await openHome({ clock });
  return { clock, home, workspaces: await WorkspaceRegistry.open({ state, store, clock, settings: () => SETTINGS }) };
}

describe('workspaces', () => {
  test('are made when asked for, with the project that contains their folder', async () => {
    const { workspaces } = await openBar();
    expect(workspaces.getWorkspace(BAR)).toBeUndefined();
    expect(await workspaces.getOrCreateWorkspace(BAR)).toMatchObject({ uri: BAR, project: 'bar', isAutoDetected: true, sessions: [] });
    expect(workspaces.getWorkspace(BAR)).toMatchObject({ createdAt: '2026-03-02T14:00:00.000Z', toolFilterEnabled: true });
  });

  test('are found under another spelling of their folder, and not made twice', async () => {
    const { workspaces } = await openBar();
    await workspaces.getOrCreateWorkspace('file:///c%3A/Users/Anna/bar');
    await workspaces.getOrCreateWorkspace(String.raw`C:\users\anna\bar`);
    expect(workspaces.listWorkspaces().map(({ uri }) => uri)).toEqual(['file:///c%3A/Users/Anna/bar']);
  });

  test('take the project of a repository that is configured later', async () => {
    const project = emptyFolder();
    const { workspaces, config } = await openHome({ project });
    expect(await workspaces.getOrCreateWorkspace(BAR)).toMatchObject({ project: null, isAutoDetected: false });
    const repositories = { bar: { path: '/home/anna/src/bar' }, remote: { gitlabPath: 'inn/bar' } };
    writeFileSync(join(project, 'config.json'), JSON.stringify({ repositories, personas: { developer: ['git'] } }));
    config.reload();
    expect(workspaces.personas()).toEqual({ developer: ['git'] });
    expect(await workspaces.getOrCreateWorkspace(BAR)).toMatchObject({ project: 'bar', isAutoDetected: true });
  });

  test('speak for their active session, in the file as well', async () => {
    const { workspaces, home } = await openBar();
    const { sessionId } = await workspaces.createSession({ workspaceUri: BAR, persona: 'devops' });
    await workspaces.updateSession(sessionId, { issueKeys: ['AAP-1', 'AAP-2', 'AAP-1'], branch: 'aap-1' });
    const said = { persona: 'devops', activeIssue: 'AAP-1', activeBranch: 'aap-1', activeSessionId: sessionId };
    expect(workspaces.getWorkspace(BAR)).toMatchObject(said);
    await workspaces.createSession({ workspaceUri: BAR, persona: 'developer' });
    expect(workspaces.getWorkspace(BAR)).toMatchObject({ persona: 'developer', activeIssue: null, activeBranch: null });
    await workspaces.switchSession(sessionId);
    expect(workspaces.getWorkspace(BAR)).toMatchObject(said);
    await workspaces.persist();
    expect(JSON.parse(readFileSync(join(home, 'workspace_states.json'), 'utf8'))).toMatchObject({
      workspaces: { [BAR]: { persona: 'devops', active_issue: 'AAP-1', active_branch: 'aap-1' } },
    });
  });

  test.each(['__proto__', '', 'a\nb', `file:///${'a'.repeat(5_000)}`])('cannot be called %j', async (uri) => {
    const { workspaces } = await openBar();
    await expect(workspaces.getOrCreateWorkspace(uri)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    expect(workspaces.listWorkspaces()).toEqual([]);
  });

  test('may be called like what every object has', async () => {
    const { workspaces } = await openBar();
    expect(workspaces.getWorkspace('constructor')).toBeUndefined();
    await workspaces.createSession({ workspaceUri: 'constructor' });
    expect(workspaces.getWorkspace('constructor')?.sessions).toHaveLength(1);
  });

  test('go when they are stale and empty, and not before', async () => {
    const { workspaces, clock } = await openBar();
    await workspaces.getOrCreateWorkspace('file:///empty');
    const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
    await clock.advance(24 * HOUR);
    expect(await workspaces.removeStaleWorkspaces()).toEqual([]);
    await clock.advance(1);
    expect(await workspaces.removeStaleWorkspaces()).toEqual(['file:///empty']);
    await workspaces.removeSession(sessionId);
    expect(await workspaces.removeStaleWorkspaces()).toEqual([BAR]);
  });
});

describe('sessions', () => {
  test('get a UUID, and become the active one of the active workspace', async () => {
    const { workspaces } = await openBar();
    await workspaces.setActiveWorkspace(BAR);
    const session = await workspaces.createSession({ name: 'Menu' });
    expect(session).toMatchObject({ workspaceUri: BAR, name: 'Menu', project: 'bar', isActive: true, isCursorChat: false });
    expect(session.sessionId).toMatch(UUID);
    expect(workspaces.getActiveSession()).toEqual(session);
  });

  test('without any workspace live in one for those without a folder', async () => {
    const { workspaces } = await openBar();
    expect(await workspaces.createSession()).toMatchObject({ workspaceUri: 'default', project: null });
  });

  test('adopt a chat of Cursor only when they are told to', async () => {
    const { workspaces } = await openBar();
    const chat = '9c2e6a52-8f8e-4b37-9b60-0d3b1c6f7e11';
    expect(await workspaces.createSession({ cursorChat: chat })).toMatchObject({ sessionId: chat, isCursorChat: true });
    expect((await workspaces.createSession()).sessionId).not.toBe(chat);
  });

  test('start anew without an id, resume with one, and are refused with one that is not there', async () => {
    const { workspaces } = await openBar();
    const first = await workspaces.sessionStart();
    const second = await workspaces.sessionStart();
    expect(await workspaces.sessionStart(first.sessionId)).toMatchObject({ sessionId: first.sessionId, isActive: true });
    expect(workspaces.getSession(second.sessionId)).toMatchObject({ isActive: false });
    await expect(workspaces.sessionStart('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(workspaces.getSession('constructor')).toBeUndefined();
  });

  test('leave the place to the most recent survivor when they are removed', async () => {
    const { workspaces, clock } = await openBar();
    const ids: string[] = [];
    for (const name of ['one', 'two', 'three']) {
      ids.push((await workspaces.createSession({ name })).sessionId);
      await clock.advance(1_000);
    }
    await workspaces.touch(undefined, ids[0]);
    await workspaces.switchSession(ids[2]!);
    await workspaces.removeSession(ids[2]!);
    expect(workspaces.getActiveSession()?.name).toBe('one');
    await workspaces.removeSession(ids[0]!);
    expect(workspaces.getActiveSession()?.name).toBe('two');
    await workspaces.removeSession(ids[1]!);
    expect(workspaces.getActiveSession()).toBeUndefined();
    await expect(workspaces.removeSession(ids[1]!)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('that are not the active one leave it where it is when they are removed', async () => {
    const { workspaces, clock } = await openBar();
    const active = await workspaces.createSession();
    await clock.advance(1_000);
    const [recent, other] = [await workspaces.createSession(), await workspaces.createSession()];
    await workspaces.switchSession(active.sessionId);
    await clock.advance(1_000);
    await workspaces.touch(undefined, recent.sessionId);
    await workspaces.removeSession(other.sessionId);
    expect(workspaces.getActiveSession()?.sessionId).toBe(active.sessionId);
  });

  test('count the calls of their tools, and know the newest hundred', async () => {
    const { workspaces, clock } = await openBar();
    const { sessionId } = await workspaces.createSession();
    for (let call = 1; call <= 105; call += 1) await workspaces.touch(`tool-${call}`);
    await clock.advance(1_000);
    const session = await workspaces.touch();
    expect(session).toMatchObject({ sessionId, toolCallCount: 105, lastTool: 'tool-105', lastToolAt: '2026-03-02T14:00:00.000Z' });
    expect(session.updatedAt).toBe('2026-03-02T14:00:01.000Z');
    expect(session.activity.map(({ tool }) => tool)).toEqual(Array.from({ length: 100 }, (_, index) => `tool-${index + 6}`));
  });

  test('keep the newest twenty references to meetings', async () => {
    const { workspaces } = await openBar();
    const { sessionId } = await workspaces.createSession();
    const meetingReferences = Array.from({ length: 25 }, (_, index) => ({ meeting_id: index, title: `Standup ${index}` }));
    const session = await workspaces.updateSession(sessionId, { meetingReferences });
    expect(session.meetingReferences).toEqual(meetingReferences.slice(5));
  });

  test('keep the first twenty issues that they are told, and those that are added behind them', async () => {
    const { workspaces } = await openBar();
    const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
    await workspaces.updateSession(sessionId, { issueKeys: ['AAP-1'] });
    await workspaces.addIssueKeys(sessionId, ['AAP-2', 'AAP-1', ...Array.from({ length: 30 }, (_, index) => `INN-${index}`)]);
    const issueKeys = workspaces.getSession(sessionId)?.issueKeys;
    expect([issueKeys?.length, issueKeys?.slice(0, 3)]).toEqual([20, ['AAP-1', 'AAP-2', 'INN-0']]);
    expect(workspaces.getWorkspace(BAR)?.activeIssue).toBe('AAP-1');
  });

  test('are stale once they were idle for over a day; they go when asked for, chats of Cursor stay', async () => {
    const { workspaces, clock } = await openBar();
    const own = await workspaces.createSession();
    const chat = await workspaces.createSession({ cursorChat: '9c2e6a52-8f8e-4b37-9b60-0d3b1c6f7e11' });
    await clock.advance(24 * HOUR);
    expect(workspaces.isStale(own)).toBe(false);
    await clock.advance(1);
    expect(workspaces.isStale(own)).toBe(true);
    expect(await workspaces.removeStaleSessions()).toEqual([own.sessionId]);
    expect(workspaces.listSessions().map(({ sessionId }) => sessionId)).toEqual([chat.sessionId]);
  });

  test('keep a project that somebody chose', async () => {
    const { workspaces } = await openBar();
    const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
    expect(await workspaces.updateSession(sessionId, { project: 'inn' })).toMatchObject({ project: 'inn', isProjectAutoDetected: false });
  });

  test('beyond what is kept are refused', async () => {
    const { workspaces } = await openBar();
    const made = Array.from({ length: 500 }, () => workspaces.createSession());
    await Promise.all(made);
    await expect(workspaces.createSession()).rejects.toMatchObject({ code: 'REFUSED' });
    expect(workspaces.listSessions()).toHaveLength(500);
  });
});

describe('a persona', () => {
  test('brings its tools to a session; without filter all tools are offered', async () => {
    const { workspaces } = await openBar();
    const { sessionId } = await workspaces.createSession({ workspaceUri: BAR });
    expect(workspaces.toolsOf(sessionId)).toEqual(['git', 'gitlab', 'k8s']);
    expect(await workspaces.loadPersona(sessionId, 'devops')).toMatchObject({
      session: { persona: 'devops', staticToolCount: 2 },
      tools: ['k8s', 'git'],
    });
    await workspaces.setToolFilter(BAR, false);
    expect(workspaces.toolsOf(sessionId)).toEqual(['git', 'gitlab', 'k8s']);
  });

  test.each(['sommelier', 'constructor'])('that is not configured is refused with those that are: %s', async (persona) => {
    const { workspaces } = await openBar();
    const { sessionId } = await workspaces.createSession({ persona: 'developer' });
    await expect(workspaces.loadPersona(sessionId, persona)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: expect.stringContaining('developer, devops') as string,
    });
    expect(workspaces.getSession(sessionId)?.persona).toBe('developer');
  });
});
