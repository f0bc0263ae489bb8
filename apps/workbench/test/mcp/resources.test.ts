import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { overStdio, serveHttp, type McpUser, type Revision } from '../support/mcp-client.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';

const ENVIRONMENTS = 'workbench://home/memory/state/environments.yaml';

function put(home: string, file: string, content: string): void {
  mkdirSync(join(home, file, '..'), { recursive: true });
  writeFileSync(join(home, file), content);
}

async function uris({ client }: McpUser): Promise<readonly string[]> {
  return (await client.listResources()).resources.map(({ uri }) => uri);
}

async function text({ client }: McpUser, uri: string): Promise<unknown> {
  const [content] = (await client.readResource({ uri })).contents;
  return content && 'text' in content ? content.text : undefined;
}

test('resources are the files of states and of memory, with what people wrote in them', async () => {
  const home = join(emptyFolder(), 'home');
  put(home, 'memory/knowledge/my notes.yaml', '# mine\na: 1\n');
  const { connect, workbench } = await serveHttp({ home });
  await workbench.toggles.setJobEnabled('standup', false);
  const user = await connect();
  expect(await uris(user)).toEqual(['workbench://home/memory/knowledge/my%20notes.yaml', 'workbench://home/state.json']);
  await expect(text(user, 'workbench://home/memory/knowledge/my%20notes.yaml')).resolves.toBe('# mine\na: 1\n');
  expect(JSON.parse((await text(user, 'workbench://home/state.json')) as string)).toMatchObject({ jobs: { standup: { enabled: false } } });
});

test.each([
  'workbench://home/memory/state/../../../../etc/passwd',
  'workbench://home/memory/state/%2e%2e/%2e%2e/state.json',
  'workbench://home/.holdfast/store.db',
  'workbench://home/memory/.index.db',
  'workbench://home/config.json',
  'workbench://home/memory/state/absent.yaml',
  'workbench://home/memory/state/%00.yaml',
  'file:///etc/passwd',
  'workbench://home/%E0%A4%A',
])('what is no resource is not read: %s', async (uri) => {
  const user = await (await serveHttp()).connect();
  await expect(user.client.readResource({ uri })).rejects.toMatchObject({ code: -32_602 });
});

test('a list of many comes in pages', async () => {
  const home = join(emptyFolder(), 'home');
  for (let number = 0; number < 250; number += 1) put(home, `memory/knowledge/${number}.yaml`, 'a: 1\n');
  const user = await (await serveHttp({ home })).connect();
  const first = await user.client.request({ method: 'resources/list', params: {} });
  expect(first.resources.length).toBe(200);
  const rest = await user.client.request({ method: 'resources/list', params: { cursor: first.nextCursor } });
  expect(new Set([...first.resources, ...rest.resources].map(({ uri }) => uri)).size).toBe(250);
  await expect(user.client.request({ method: 'resources/list', params: { cursor: 'x' } })).rejects.toMatchObject({ code: -32_602 });
});

const WAYS: readonly (readonly [string, Revision, (home: string, revision: Revision) => Promise<McpUser>])[] = [
  ['stdio', '2025-11-25', overStdio],
  ['stdio', '2026-07-28', overStdio],
  ['streamable HTTP', '2025-11-25', overHttp],
  ['streamable HTTP', '2026-07-28', overHttp],
];

async function overHttp(home: string, revision: Revision): Promise<McpUser> {
  return await (await serveHttp({ home })).connect('', revision);
}

describe.each(WAYS)('over %s in %s', (_name, revision, connect) => {
  test('a subscriber is told of changes of its resource by another process, and of no other', async () => {
    const home = join(emptyFolder(), 'home');
    const other = await openHome({ home, renderAfterMs: 1 });
    await other.memory.documents.write('state/environments', 'test', { environments: {} });
    const user = await connect(home, revision);
    await user.subscribe(ENVIRONMENTS);
    await other.memory.documents.write('knowledge/x', 'test', { a: 1 });
    await other.memory.documents.write('state/environments', 'test', { environments: { prod: { status: 'down' } } });
    await expect.poll(() => user.told, { timeout: 10_000 }).toContain(ENVIRONMENTS);
    await expect(text(user, ENVIRONMENTS)).resolves.toContain('status: down');
    expect(user.told.filter((what) => what.startsWith('workbench://') && what !== ENVIRONMENTS)).toEqual([]);
  });

  test('a client is told when the list changes: a document is made, a person adds a file, one is deleted', async () => {
    const home = join(emptyFolder(), 'home');
    const other = await openHome({ home, renderAfterMs: 1 });
    const user = await connect(home, revision);
    await user.subscribe(ENVIRONMENTS);
    const told = (): number => user.told.filter((what) => what === 'resources').length;
    await other.memory.documents.write('knowledge/x', 'test', { a: 1 });
    await expect.poll(told, { timeout: 10_000 }).toBe(1);
    put(home, 'memory/knowledge/new/y.yaml', 'a: 1\n');
    await expect.poll(told, { timeout: 10_000 }).toBe(2);
    await other.memory.documents.delete('knowledge/x');
    await expect.poll(told, { timeout: 10_000 }).toBe(3);
    await expect.poll(() => uris(user), { timeout: 10_000 }).toEqual(['workbench://home/memory/knowledge/new/y.yaml']);
  });
});

test('a subscription ends when the client says so', async () => {
  const { connect, workbench } = await serveHttp();
  const user = await connect();
  await user.subscribe(ENVIRONMENTS);
  await user.client.unsubscribeResource({ uri: ENVIRONMENTS });
  await workbench.memory.documents.write('state/environments', 'test', {});
  await expect.poll(() => user.told, { timeout: 10_000 }).toEqual(['resources']);
});

test('a client that lost its stream gets what it missed when it comes back', async () => {
  const { url, workbench } = await serveHttp();
  const accept = 'application/json, text/event-stream';
  const post = (body: object, more: Record<string, string> = {}): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', ...more },
      body: JSON.stringify({ jsonrpc: '2.0', ...body }),
    });
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } };
  const begun = await post({ id: 1, method: 'initialize', params });
  const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '', 'mcp-protocol-version': '2025-11-25' };
  await post({ method: 'notifications/initialized' }, session);
  await post({ id: 2, method: 'resources/subscribe', params: { uri: ENVIRONMENTS } }, session);
  const write = (value: string): Promise<unknown> =>
    workbench.memory.documents.write('state/environments', 'test', { namespaces: [value] });
  const stream = (more: object = {}): Promise<Response> => fetch(url, { headers: { accept: 'text/event-stream', ...session, ...more } });
  const first = await stream();
  await write('seen');
  const [, lastId] = /id: (\S+)\ndata: .*resources\/updated/.exec(await textUntil(first, 'resources/updated')) ?? [];
  await write('missed');
  // The server may not have noticed yet that the stream is lost.
  const again = async (): Promise<string> => await textUntil(await stream({ 'last-event-id': lastId }), 'resources/updated');
  await expect.poll(again, { timeout: 10_000 }).toContain(ENVIRONMENTS);
});

async function textUntil({ body }: Response, wanted: string): Promise<string> {
  let read = '';
  for await (const chunk of body ?? []) {
    read += new TextDecoder().decode(chunk as Uint8Array);
    if (read.includes(wanted)) break;
  }
  return read;
}
