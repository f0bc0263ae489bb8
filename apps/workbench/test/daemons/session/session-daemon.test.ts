import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { SessionDaemon } from '../../../daemons/session/session-daemon.ts';
import { composer, CursorStandIn } from '../../support/cursor-stand-in.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { emptyFolder, openHome } from '../../support/open-home.ts';

const BAR = 'file:///home/anna/src/bar';
const INN = 'file:///home/anna/src/inn';
const DAY = 86_400_000;

/** A daemon on a Cursor with one chat; what is not given a time was used just now. */
async function scene(config: object = {}) {
  // Cursor's files have the time of the machine.
  const clock = new ManualClock(new Date().toISOString());
  const cursor = new CursorStandIn();
  const chat = (id: string, fields: object = {}): object => composer(id, { lastUpdatedAt: clock.now(), ...fields });
  const path = cursor.storage('one', BAR, { allComposers: [chat('a')], lastFocusedComposerIds: ['a'] });
  const project = emptyFolder();
  writeFileSync(join(project, 'config.json'), JSON.stringify(config));
  const home = await openHome({ clock, project, cursorFolder: cursor.userFolder });
  const held = await home.state.global().lease('daemon', { holder: 'test', ttlMs: 1e9 });
  const events: { readonly type: string; readonly data: object }[] = [];
  const daemon = new SessionDaemon({ workbench: home, emit: (type, data) => void events.push({ type, data }), lease: () => held });
  onTestFinished(() => daemon.stop());
  const stateFile = async (): Promise<Record<string, unknown>> => {
    await home.state.flush();
    return JSON.parse(readFileSync(join(home.home, 'session_state.json'), 'utf8')) as Record<string, unknown>;
  };
  const write = (chats: readonly object[], focused: readonly string[] = []): void =>
    cursor.write(path, { allComposers: chats, lastFocusedComposerIds: focused });
  return { ...home, workbench: home, clock, cursor, chat, path, daemon, events, stateFile, write };
}

/** Lets the time pass second by second, and what comes due be done with. */
async function after(ms: number, { clock, daemon }: { readonly clock: ManualClock; readonly daemon: SessionDaemon }): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    await clock.advance(Math.min(left, 1_000));
    await daemon.idle();
  }
}

test('what Cursor has is there when the daemon has started, and session_state.json says so', async () => {
  const { daemon, workspaces, stateFile, events } = await scene();
  await daemon.start();
  expect(workspaces.getSession('a')).toMatchObject({ workspaceUri: BAR, isActive: true });
  expect(await stateFile()).toMatchObject({
    kind: 'rest',
    last_sync_at: expect.any(String) as string,
    focused_chat: { workspace_uri: BAR, session_id: 'a' },
    problem: null,
  });
  expect(events).toMatchObject([{ type: 'sessions_changed', data: { workspaceUri: BAR, added: ['a'], focused: 'a' } }]);
  await expect(daemon.check()).resolves.toMatchObject({ checks: { chats: true } });
});

test('a chat that is given the focus becomes the active session within two seconds', async () => {
  const at = await scene();
  await at.daemon.start();
  at.write([at.chat('a'), at.chat('b')], ['b', 'a']);
  await after(1_999, at);
  expect(at.workspaces.getActiveSession(BAR)?.sessionId).toBe('a');
  await after(1, at);
  expect(at.workspaces.getActiveSession(BAR)?.sessionId).toBe('b');
  expect(await at.stateFile()).toMatchObject({ kind: 'focus', counts: { added: 1 }, focused_chat: { session_id: 'b' } });
});

test('issues that a recent chat speaks of are its session’s within ten seconds, and those of an old one within two minutes', async () => {
  const at = await scene({ jira: { server: 'https://jira.example.com', project: 'AAP', projects: { inn: 'INN' } } });
  at.write([at.chat('a'), at.chat('old', { lastUpdatedAt: at.clock.now() - DAY })]);
  await at.daemon.start();
  at.cursor.say('a', [{ type: 1, text: 'AAP-7 needs UTF-8, see INN-3' }]);
  at.cursor.say('old', [{ type: 1, text: 'AAP-1' }]);
  at.write([at.chat('a', { lastUpdatedAt: at.clock.now() + 1_000 }), at.chat('old', { lastUpdatedAt: at.clock.now() - DAY + 1_000 })]);
  await after(10_000, at);
  expect(at.workspaces.getSession('a')?.issueKeys).toEqual(['AAP-7', 'INN-3']);
  expect(at.workspaces.getSession('old')?.issueKeys).toEqual([]);
  await after(110_000, at);
  expect(at.workspaces.getSession('old')?.issueKeys).toEqual(['AAP-1']);
});

test('a database that cannot be read changes nothing and makes the check fail, until it can be read again', async () => {
  const at = await scene();
  await at.daemon.start();
  const good = readFileSync(at.path);
  writeFileSync(at.path, 'no database at all, of some length'.repeat(20));
  await after(2_000, at);
  await expect(at.daemon.check()).resolves.toMatchObject({
    checks: { chats: false },
    message: expect.stringContaining('cannot be read') as string,
  });
  expect(at.workspaces.getSession('a')).toBeDefined();
  expect(await at.stateFile()).toMatchObject({ problem: expect.stringContaining('cannot be read') as string });
  writeFileSync(at.path, good);
  await after(2_000, at);
  await expect(at.daemon.check()).resolves.toMatchObject({ checks: { chats: true } });
  expect(await at.stateFile()).toMatchObject({ problem: null });
});

test('a damaged file of the workspaces makes the check fail, and nothing is brought in until it is repaired', async () => {
  const at = await scene();
  await at.daemon.start();
  await at.workspaces.persist();
  const path = join(at.home, 'workspace_states.json');
  const good = readFileSync(path, 'utf8');
  writeFileSync(path, '{');
  await at.workspaces.load();
  at.write([at.chat('a'), at.chat('b')]);
  await after(120_000, at);
  await expect(at.daemon.check()).resolves.toMatchObject({
    checks: { chats: false },
    message: expect.stringContaining('workspace_states.json') as string,
  });
  writeFileSync(path, good);
  await at.workspaces.load();
  await after(2_000, at);
  expect(at.workspaces.getSession('b')).toBeDefined();
  await expect(at.daemon.check()).resolves.toMatchObject({ checks: { chats: true } });
});

test('without a Cursor it works, and says so', async () => {
  const at = await scene();
  rmSync(at.cursor.userFolder, { recursive: true });
  await at.daemon.start();
  await after(120_000, at);
  await expect(at.daemon.check()).resolves.toEqual({
    checks: { chats: true },
    message: 'There is no Cursor on this machine; sessions are kept all the same.',
  });
});

test('looking costs no commit while nothing happens, but every two minutes', async () => {
  const at = await scene();
  await at.daemon.start();
  const count = async (): Promise<number> => (await Array.fromAsync(at.state.global().timeline())).length;
  const before = await count();
  await after(119_000, at);
  expect(await count()).toBe(before);
  await after(1_000, at);
  expect(await count()).toBe(before + 1);
});

test('a chat that somebody removed here is back when all of Cursor is looked at, and not before something happens there', async () => {
  const at = await scene();
  await at.daemon.start();
  await at.workspaces.removeSession('a');
  await after(118_000, at);
  expect(at.workspaces.getSession('a')).toBeUndefined();
  await after(2_000, at);
  expect(at.workspaces.getSession('a')).toBeDefined();
});

test('a folder that was opened in Cursor today gets its workspace; one that was not opened for long does not', async () => {
  const at = await scene();
  const inn = at.cursor.storage('two', INN, { allComposers: [at.chat('b')] });
  const long = new Date(at.clock.now() - DAY - 60_000);
  for (const path of [at.path, inn]) utimesSync(path, long, long);
  await at.daemon.start();
  expect(at.workspaces.listWorkspaces()).toEqual([]);
  at.cursor.write(inn, { allComposers: [at.chat('b'), at.chat('c')] });
  await after(2_000, at);
  expect(at.workspaces.listWorkspaces().map(({ uri }) => uri)).toEqual([INN]);
});

test('workspaces that are stale and empty go by themselves', async () => {
  const at = await scene();
  await at.workspaces.getOrCreateWorkspace(INN);
  await at.daemon.start();
  at.clock.sleep(DAY + 1);
  await after(120_000, at);
  expect(at.workspaces.getWorkspace(INN)).toBeUndefined();
});

test('after the machine slept it looks at once', async () => {
  const at = await scene();
  await at.daemon.start();
  at.write([at.chat('b')]);
  at.daemon.wokeUp();
  await at.daemon.idle();
  expect(at.workspaces.listSessions().map(({ sessionId }) => sessionId)).toEqual(['b']);
});

test('once it is stopped nothing of it runs any more', async () => {
  const at = await scene();
  await at.daemon.start();
  await at.daemon.stop();
  at.write([at.chat('b')]);
  await at.clock.advance(300_000);
  expect(at.workspaces.getSession('b')).toBeUndefined();
});

test('its commits are refused once another one has its lease', async () => {
  const at = await scene();
  const { entity, name } = await at.state.global().lease('other', { holder: 'test' });
  const stale = { entity, name, token: 0 };
  const daemon = new SessionDaemon({ workbench: at.workbench, emit: () => undefined, lease: () => stale });
  onTestFinished(() => daemon.stop());
  await daemon.start();
  await at.state.flush();
  expect(daemon.stats()).toMatchObject({ lastSyncAt: null, sessions: 1 });
});

test('chats are found by name, issue and what was said, whatever the case', async () => {
  const at = await scene();
  at.write([at.chat('a', { name: 'Wine list' }), at.chat('b', { name: 'Menu' }), at.chat('c', { name: 'Other' })]);
  at.cursor.say('b', [{ type: 2, text: `${'x'.repeat(200)} the WINE of the house ${'y'.repeat(200)}` }]);
  await at.daemon.start();
  const { sessions } = (await at.daemon.methods.call('session_search', { query: 'wine' })) as {
    sessions: { sessionId: string; excerpts: string[] }[];
  };
  expect(sessions.map(({ sessionId }) => sessionId).toSorted()).toEqual(['a', 'b']);
  expect(sessions.find(({ sessionId }) => sessionId === 'b')?.excerpts).toEqual([
    expect.stringMatching(/^x{75} the WINE of the house y+$/),
  ]);
  await expect(at.daemon.methods.call('session_search', { query: 'wine', limit: 1 })).resolves.toMatchObject({ sessions: [{}] });
  await expect(at.daemon.methods.call('session_search', { query: 'x' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
