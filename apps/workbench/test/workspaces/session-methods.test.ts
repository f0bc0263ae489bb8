import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { MethodTable } from '../../methods/method-table.ts';
import { sessionMethods } from '../../workspaces/session-methods.ts';
import type { ChatSession } from '../../workspaces/workspace-views.ts';
import { callMethod } from '../support/call-method.ts';
import { composer, CursorStandIn } from '../support/cursor-stand-in.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';

const BAR = 'file:///home/anna/src/bar';
const CHAT = '9c2e6a52-8f8e-4b37-9b60-0d3b1c6f7e11';

async function open() {
  const project = emptyFolder();
  const repositories = { bar: { path: '/home/anna/src/bar' } };
  writeFileSync(join(project, 'config.json'), JSON.stringify({ repositories, personas: { developer: ['git'], devops: ['k8s'] } }));
  const cursor = new CursorStandIn();
  const workbench = await openHome({ project, cursorFolder: cursor.userFolder });
  const table = new MethodTable(sessionMethods(workbench));
  const call = async <T = ChatSession>(name: string, input: object = {}): Promise<T> => await callMethod<T>(table, name, input);
  return { ...workbench, standIn: cursor, table, call };
}

test('are those that every way in offers', async () => {
  const { table } = await open();
  expect(table.list().map(({ name }) => name)).toEqual([
    'session_start',
    'session_info',
    'session_list',
    'session_rename',
    'session_switch',
    'session_sync',
    'session_set_project',
    'session_set_issue',
    'session_export_context',
    'persona_list',
    'persona_load',
  ]);
});

test('a session is started, shown, renamed, given a project and a persona, and listed', async () => {
  const { call } = await open();
  const { sessionId: session_id } = await call('session_start', { workspace_uri: BAR, name: 'Menu' });
  await expect(call('session_info', { session_id })).resolves.toMatchObject({
    name: 'Menu',
    project: 'bar',
    tools: ['git', 'k8s'],
    isStale: false,
  });
  await call('session_rename', { session_id, name: ' Wine ' });
  await call('session_set_project', { session_id, project: 'inn' });
  await expect(call('persona_load', { session_id, persona: 'devops' })).resolves.toMatchObject({ tools: ['k8s'] });
  await expect(call('session_list', {})).resolves.toEqual({
    total: 1,
    sessions: [expect.objectContaining({ name: 'Wine', project: 'inn', persona: 'devops', isActive: true })],
  });
  await expect(call('persona_list')).resolves.toEqual({
    personas: [
      { name: 'developer', tools: ['git'] },
      { name: 'devops', tools: ['k8s'] },
    ],
  });
});

test('without a handle the active session is meant; there may be none', async () => {
  const { call } = await open();
  await expect(call('session_info')).rejects.toMatchObject({
    code: 'NOT_FOUND',
    message: expect.stringContaining('session_start') as string,
  });
  await call('session_start', { workspace_uri: BAR, name: 'one' });
  const two = await call('session_start', { workspace_uri: BAR, name: 'two' });
  await call('session_start', { workspace_uri: BAR, name: 'three' });
  await call('session_switch', { session_id: two.sessionId });
  await expect(call('session_info')).resolves.toMatchObject({ name: 'two' });
});

test.each([
  ['session_start', { cursor_chat: '../../etc/passwd' }],
  ['session_start', { name: 'x'.repeat(201) }],
  ['session_start', { workspace_uri: 'x'.repeat(4_097) }],
  ['session_rename', { name: '  ' }],
  ['session_list', { limit: 1_000_000 }],
  ['session_export_context', { format: 'html' }],
])('%s refuses %j', async (name, input) => {
  const { call, workspaces } = await open();
  await expect(call(name, input)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  expect(workspaces.listSessions()).toEqual([]);
});

test('chats of Cursor are taken over when it is asked for, of one workspace or of all', async () => {
  const { call, standIn } = await open();
  standIn.storage('one', BAR, { allComposers: [composer(CHAT)] });
  await expect(call('session_sync', { workspace_uri: BAR })).resolves.toMatchObject({ workspaces: [{ workspaceUri: BAR, added: [CHAT] }] });
  await expect(call('session_sync')).resolves.toMatchObject({ workspaces: [{ workspaceUri: BAR, added: [], removed: [] }] });
});

test('the context of a session says what it is about, which tools were called and what was said', async () => {
  const { call, standIn, workspaces } = await open();
  standIn.say(CHAT, [
    { type: 1, text: 'Look:\n```\ncode\n```' },
    { type: 2, text: '# I see' },
  ]);
  await call('session_start', { workspace_uri: BAR, name: 'Menu\n# of the day', cursor_chat: CHAT });
  await workspaces.updateSession(CHAT, { issueKeys: ['AAP-1'], branch: 'aap-1' });
  await workspaces.touch('git_status', CHAT);
  const { markdown } = await call<{ markdown: string }>('session_export_context');
  expect(markdown).toContain('# Menu # of the day\n\n- Session: ');
  expect(markdown).toContain('- Issues: AAP-1\n- Branch: aap-1\n');
  expect(markdown).toMatch(/## Last tool calls\n\n- \S+Z git_status\n/);
  expect(markdown).toContain('**User**\n\n````\nLook:\n```\ncode\n```\n````\n\n**Assistant**\n\n```\n# I see\n```\n');
  await expect(call('session_export_context', { format: 'json' })).resolves.toMatchObject({
    session: { sessionId: CHAT },
    messages: [{ role: 'user' }, { role: 'assistant', text: '# I see' }],
  });
});

test('a context whose chat cannot be read now says so', async () => {
  const { call, standIn } = await open();
  writeFileSync(standIn.say(CHAT, []), 'no database at all, of some length'.repeat(20));
  await call('session_start', { cursor_chat: CHAT });
  await expect(call('session_export_context')).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
