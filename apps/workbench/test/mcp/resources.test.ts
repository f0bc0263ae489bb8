import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { overStdio, serveHttp, type McpUser } from '../support/mcp-client.ts';
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

const WAYS: readonly (readonly [string, (home: string) => Promise<McpUser>])[] = [
  ['stdio', overStdio],
  ['streamable HTTP', async (home) => await (await serveHttp({ home })).connect()],
];

describe.each(WAYS)('over %s', (_name, connect) => {
  test('a subscriber is told of changes of its resource by another process, and of no other', async () => {
    const home = join(emptyFolder(), 'home');
    const other = await openHome({ home, renderAfterMs: 1 });
    await other.memory.documents.write('state/environments', 'test', { environments: {} });
    const user = await connect(home);
    await user.client.subscribeResource({ uri: ENVIRONMENTS });
    await other.memory.documents.write('knowledge/x', 'test', { a: 1 });
    await other.memory.documents.write('state/environments', 'test', { environments: { prod: { status: 'down' } } });
    await expect.poll(() => user.told, { timeout: 10_000 }).toContain(ENVIRONMENTS);
    await expect(text(user, ENVIRONMENTS)).resolves.toContain('status: down');
    expect(user.told.filter((what) => what.startsWith('workbench://') && what !== ENVIRONMENTS)).toEqual([]);
    await user.client.unsubscribeResource({ uri: ENVIRONMENTS });
  });

  test('a client is told when the list changes: a document is made, a person adds a file, one is deleted', async () => {
    const home = join(emptyFolder(), 'home');
    const other = await openHome({ home, renderAfterMs: 1 });
    const user = await connect(home);
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
