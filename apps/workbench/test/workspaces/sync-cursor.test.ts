import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { composer, CursorStandIn } from '../support/cursor-stand-in.ts';
import { ManualClock } from '../support/manual-clock.ts';
import { openHome } from '../support/open-home.ts';

const BAR = 'file:///home/anna/src/bar';
const NOTHING = { added: [], removed: [], renamed: [], updated: [], focused: null };
/** When it is, in epoch ms. */
const NOW = Date.parse('2026-03-02T14:00:00Z');

async function openWith(allComposers: readonly unknown[], lastFocusedComposerIds: readonly string[] = []) {
  const cursor = new CursorStandIn();
  const path = cursor.storage('one', BAR, { allComposers, lastFocusedComposerIds });
  const clock = new ManualClock('2026-03-02T09:00:00-05:00');
  const home = await openHome({ cursorFolder: cursor.userFolder, clock });
  const { workspaces } = home;
  const sync = () => workspaces.syncCursor(BAR, home.cursor.chatsOf(BAR));
  const write = (chats: readonly unknown[], focused: readonly string[] = []): void =>
    cursor.write(path, { allComposers: chats, lastFocusedComposerIds: focused });
  return { workspaces, clock, sync, write, path, state: home.state };
}

describe('bringing in the chats of Cursor', () => {
  test('tells which were added, removed, renamed and used', async () => {
    const { workspaces, sync, write } = await openWith([composer('a'), composer('b'), composer('c')]);
    expect(await sync()).toEqual({ ...NOTHING, added: ['a', 'b', 'c'] });
    expect(workspaces.getSession('a')).toMatchObject({ name: 'Chat a', isCursorChat: true, createdAt: '1970-01-01T00:00:01.000Z' });
    write([composer('a', { name: 'Menu' }), composer('b', { lastUpdatedAt: 5_000 }), composer('d')]);
    expect(await sync()).toEqual({ added: ['d'], removed: ['c'], renamed: ['a'], updated: ['b'], focused: null });
    expect(workspaces.listSessions(BAR).map(({ sessionId, name }) => `${sessionId} ${name}`)).toEqual(['b Chat b', 'a Menu', 'd Chat d']);
  });

  test('makes the focused chat the active session when the focus moves, and only then', async () => {
    const { workspaces, sync, write } = await openWith([composer('a'), composer('b')], ['a', 'b']);
    expect(await sync()).toMatchObject({ focused: 'a' });
    expect(workspaces.getActiveSession(BAR)?.sessionId).toBe('a');
    await workspaces.switchSession('b');
    await sync();
    expect(workspaces.getActiveSession(BAR)?.sessionId).toBe('b');
    write([composer('a'), composer('b'), composer('c')], ['c', 'a']);
    await sync();
    expect(workspaces.getActiveSession(BAR)?.sessionId).toBe('c');
  });

  test('keeps a name that was given here until Cursor has another', async () => {
    const { workspaces, sync, write } = await openWith([composer('a')]);
    await sync();
    await workspaces.updateSession('a', { name: 'Mine' });
    expect(await sync()).toEqual(NOTHING);
    expect(workspaces.getSession('a')?.name).toBe('Mine');
    write([composer('a', { name: 'x'.repeat(500) })]);
    expect(await sync()).toMatchObject({ renamed: ['a'] });
    expect(workspaces.getSession('a')?.name).toBe('x'.repeat(200));
  });

  test('moves times only forward, and not beyond now', async () => {
    const { workspaces, sync, write, clock } = await openWith([composer('a', { lastUpdatedAt: NOW + 9_000_000 })]);
    await sync();
    expect(workspaces.getSession('a')?.updatedAt).toBe('2026-03-02T14:00:00.000Z');
    expect(workspaces.getWorkspace(BAR)?.lastActivity).toBe('2026-03-02T14:00:00.000Z');
    await clock.advance(1_000);
    write([composer('a', { lastUpdatedAt: 3_000 })]);
    expect(await sync()).toEqual(NOTHING);
    expect(workspaces.getSession('a')?.updatedAt).toBe('2026-03-02T14:00:00.000Z');
  });

  test('leaves sessions alone that are not of Cursor', async () => {
    const { workspaces, sync, write } = await openWith([composer('a')]);
    const own = await workspaces.createSession({ workspaceUri: BAR, name: 'Own' });
    await sync();
    write([]);
    expect(await sync()).toMatchObject({ removed: ['a'] });
    expect(workspaces.listSessions(BAR).map(({ sessionId }) => sessionId)).toEqual([own.sessionId]);
  });

  test('that changed nothing is no commit', async () => {
    const { sync, state, clock } = await openWith([composer('a')], ['a']);
    await sync();
    await clock.advance(2_000);
    const before = (await Array.fromAsync(state.global().timeline())).length;
    expect(await sync()).toEqual(NOTHING);
    expect(await Array.fromAsync(state.global().timeline())).toHaveLength(before);
  });

  test('that failed changes nothing, and says so', async () => {
    const { workspaces, sync, path, write } = await openWith([composer('a'), composer('b')]);
    await sync();
    const before = workspaces.listWorkspaces();
    write([]);
    writeFileSync(path, 'no database at all, of some length'.repeat(20));
    expect(await sync()).toMatchObject({ ...NOTHING, problem: expect.stringContaining('cannot be read') as string });
    expect(workspaces.listWorkspaces()).toEqual(before);
  });

  test('of a folder that Cursor does not know makes no workspace', async () => {
    const home = await openHome();
    expect(await home.workspaces.syncCursor(BAR, home.cursor.chatsOf(BAR))).toMatchObject({
      ...NOTHING,
      problem: expect.any(String) as string,
    });
    expect(home.workspaces.listWorkspaces()).toEqual([]);
  });

  test('of more chats than are kept takes the newest', async () => {
    const chats = Array.from({ length: 600 }, (_, index) => composer(`c${index}`, { lastUpdatedAt: 2_000 + index }));
    const { workspaces, sync } = await openWith(chats);
    expect((await sync()).added).toHaveLength(500);
    expect(workspaces.getSession('c99')).toBeUndefined();
    expect(workspaces.getSession('c100')).toBeDefined();
    expect(await sync()).toEqual(NOTHING);
  });
});
