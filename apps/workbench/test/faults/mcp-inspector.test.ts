import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { mcpCommand } from '../support/mcp-client.ts';
import { emptyFolder, openHome } from '../support/open-home.ts';
import { CALLED_TOOLS, prepareToolCalls, wrongAnswer } from '../support/tool-calls.ts';

const INSPECTOR = fileURLToPath(new URL('../../../../node_modules/.bin/mcp-inspector', import.meta.url));

interface Inspected {
  /** What the Inspector itself has to say. */
  readonly said: string;
  readonly tools: readonly { readonly name: string }[];
  readonly isError?: boolean;
  readonly content: readonly { readonly text: string }[];
}

test('the MCP Inspector finds nothing wrong with the tools, and calls every one over stdio', { timeout: 900_000 }, async () => {
  const home = join(emptyFolder(), 'home');
  const callOf = await prepareToolCalls(await openHome({ home }));
  const { command, args } = mcpCommand(home);
  const inspect = async (...method: readonly string[]): Promise<Inspected> => {
    const all = ['--cli', '--format', 'json', '--connect-timeout', '60000', '--method', ...method, '--', command, ...args];
    // It exits with an error when a tool answers with one.
    const { stdout, stderr } = await promisify(execFile)(INSPECTOR, all, {
      env: { ...process.env, HOME: home },
      maxBuffer: 16_777_216,
    }).catch((error: unknown) => error as { stdout: string; stderr: string });
    return { ...(JSON.parse(stdout) as { result: Inspected }).result, said: stderr };
  };
  const { tools, said } = await inspect('tools/list', '--strict');
  expect(said).not.toMatch(/[1-9]\d* error/);
  expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining([...CALLED_TOOLS]));
  for (const { name } of tools) {
    const { isError, content } = await inspect('tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(callOf(name)));
    expect(content[0]?.text).toBeTypeOf('string');
    expect(wrongAnswer(name, isError ? content[0]?.text : undefined)).toBeUndefined();
  }
});
