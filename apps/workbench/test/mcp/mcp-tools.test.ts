import { describe, expect, test } from 'vitest';
import { join } from 'node:path';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { CALLED_TOOLS, prepareToolCalls, wrongAnswer } from '../support/tool-calls.ts';
import { overStdio, serveHttp, type McpUser } from '../support/mcp-client.ts';

const TRANSPORTS: readonly (readonly [string, () => Promise<McpUser>])[] = [
  ['stdio', () => overStdio(join(emptyFolder(), 'home'))],
  ['streamable HTTP', async () => await (await serveHttp()).connect()],
];

describe.each(TRANSPORTS)('a client over %s', (_name, connect) => {
  test('writes, reads, queries and searches memory', async () => {
    const user = await connect();
    await user.call('memory_write', { key: 'knowledge/devops/x', content: { hosts: [{ name: 'alpha' }, { name: 'beta' }] } });
    await expect(user.call('memory_read', { key: 'knowledge/devops/x' })).resolves.toMatchObject({
      version: 1,
      content: { hosts: { length: 2 } },
    });
    await expect(user.call('memory_query', { key: 'knowledge/devops/x', query: '$.hosts[1].name' })).resolves.toMatchObject({
      matches: [{ value: 'beta' }],
    });
    await expect(user.call('memory_search', { query: 'alpha' })).resolves.toMatchObject({ hits: [{ key: 'knowledge/devops/x' }] });
  });

  test('is told what went wrong and what to do, as an answer of the tool', async () => {
    const user = await connect();
    await expect(user.call('memory_read', { key: '../../etc/passwd' })).rejects.toThrow('INVALID_INPUT: ');
    await expect(user.call('memory_read', { key: 'knowledge/x' })).rejects.toThrow('memory_write makes it');
    await expect(user.call('memory_read', { name: 'x' })).rejects.toThrow('INVALID_INPUT: memory_read does not take that');
    await expect(user.client.callTool({ name: 'no_such_tool', arguments: {} })).rejects.toMatchObject({ code: -32_602 });
  });

  test('finds a description, schemas and hints at every tool', async () => {
    const { tools } = await (await connect()).client.listTools();
    for (const tool of tools) {
      expect(tool).toMatchObject({
        title: expect.any(String) as string,
        inputSchema: { type: 'object', additionalProperties: false },
        outputSchema: { type: 'object' },
      });
      expect(Object.keys(tool.annotations ?? {}).toSorted()).toEqual([
        'destructiveHint',
        'idempotentHint',
        'openWorldHint',
        'readOnlyHint',
        'title',
      ]);
      expect(tool.description?.length).toBeGreaterThan(20);
      expect(tool.annotations?.readOnlyHint && tool.annotations.destructiveHint).toBe(false);
    }
    expect(tools.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['memory_read', 'check_known_issues', 'toggles_get', 'config_get', 'daemon_list']),
    );
  });
});

test('every tool answers with what its output schema says, or says what it needs', async () => {
  const home = join(emptyFolder(), 'home');
  const callOf = await prepareToolCalls(await openHome({ home }));
  const user = await overStdio(home);
  for (const name of await user.toolNames()) {
    // The client checks what comes against the output schema.
    const refusal = await user.call(name, callOf(name)).then(
      () => undefined,
      (error: unknown) => String(error),
    );
    expect(wrongAnswer(name, refusal)).toBeUndefined();
  }
  expect(await user.toolNames()).toEqual(expect.arrayContaining([...CALLED_TOOLS]));
});

test('two clients with servers of their own see what the other does', async () => {
  const home = join(emptyFolder(), 'home');
  const [one, other] = await Promise.all([overStdio(home), overStdio(home)]);
  const append = (number: number): Promise<unknown> =>
    (number % 2 === 0 ? one : other).call('memory_append', { key: 'state/current_work', path: 'follow_ups', item: `task ${number}` });
  await Promise.all(Array.from({ length: 20 }, (_, number) => append(number)));
  await expect(one.call('memory_read', { key: 'state/current_work' })).resolves.toMatchObject({ content: { follow_ups: { length: 20 } } });
  await expect(other.call('memory_read', { key: 'state/current_work' })).resolves.toMatchObject({
    content: { follow_ups: { length: 20 } },
  });
});

test('two clients of one server over HTTP see what the other does', async () => {
  const { connect } = await serveHttp();
  const [one, other] = await Promise.all([connect(), connect()]);
  await one.call('memory_update', { key: 'state/environments', path: 'environments.prod.status', value: 'down' });
  await expect(other.call('memory_read', { key: 'state/environments' })).resolves.toMatchObject({
    content: { environments: { prod: { status: 'down' } } },
  });
});

test('a server over stdio ends when its client is gone, with everything in its files', async () => {
  const home = join(emptyFolder(), 'home');
  const user = await overStdio(home);
  await user.call('memory_update', { key: 'state/environments', path: 'environments.prod.status', value: 'up' });
  await user.client.close();
  const { readFileSync } = await import('node:fs');
  await expect.poll(() => readFileSync(join(home, 'memory/state/environments.yaml'), 'utf8'), { timeout: 10_000 }).toContain('status: up');
});

test.each([
  [{ host: 'evil.example' }, 403],
  [{ origin: 'https://evil.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'http://localhost:5173' }, 200],
])('a request over HTTP with %j is answered with %i', async (headers, status) => {
  const { url } = await serveHttp();
  const body = JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
  });
  const { request } = await import('node:http');
  const answered = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(
      url,
      { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers } },
      (response) => {
        resolve(response.statusCode);
        response.destroy();
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
  expect(answered).toBe(status);
});
