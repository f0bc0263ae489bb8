import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';

const INSPECTOR = fileURLToPath(new URL('../../../../node_modules/.bin/mcp-inspector', import.meta.url));
const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

let bar: OpenBar;
let directory: string;

beforeAll(async () => {
  bar = await OpenBar.open();
  directory = await mkdtemp(join(tmpdir(), 'maya-mcp-'));
});
afterAll(async () => {
  await bar[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const TRANSPORTS = {
  'streamable HTTP': () => [`${bar.url}mcp`],
  /** Each inspection starts a server of its own over the same store. */
  stdio: () => [process.execPath, '-C', 'holdfast-source', MAIN, '--mcp', '--store', `sqlite:${join(directory, 'bar.db')}`],
};

/** What the MCP Inspector prints; it exits with an error when the server does not keep the protocol. */
async function inspect(target: readonly string[], ...args: readonly string[]): Promise<unknown> {
  const env = { ...process.env, HOME: directory };
  const { stdout } = await promisify(execFile)(INSPECTOR, ['--cli', '--format', 'json', ...args, '--', ...target], { env });
  return (JSON.parse(stdout) as { result: unknown }).result;
}

async function call(target: readonly string[], tool: string, input: object): Promise<Readonly<Record<string, unknown>>> {
  const args = ['--method', 'tools/call', '--tool-name', tool, '--tool-args-json', JSON.stringify(input)];
  return ((await inspect(target, ...args)) as { structuredContent: Readonly<Record<string, unknown>> }).structuredContent;
}

describe.each(Object.entries(TRANSPORTS))('the MCP Inspector over %s', (_name, target) => {
  it('finds nothing wrong with the tools', async () => {
    const { tools } = (await inspect(target(), '--method', 'tools/list', '--strict')) as { tools: { name: string }[] };
    expect(tools).toHaveLength(17);
    expect(tools.map(({ name }) => name)).toContain('pay_bill');
  });

  it('opens a session and orders under its handle', async () => {
    const { session } = (await call(target(), 'open_session', {}))['result'] as { session: string };
    expect(await call(target(), 'add_to_order', { session, item_name: 'Negroni', quantity: 2 })).toMatchObject({
      result: { tab: '$22.00' },
    });
  });
});
