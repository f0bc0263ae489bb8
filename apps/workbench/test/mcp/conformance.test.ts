import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { serveHttp } from '../support/mcp-client.ts';
import { emptyFolder } from '../support/open-home.ts';

const CONFORMANCE = fileURLToPath(new URL('../../../../node_modules/@modelcontextprotocol/conformance/dist/index.js', import.meta.url));
const BASELINE = fileURLToPath(new URL('conformance-baseline.yml', import.meta.url));

test('the conformance suite passes over HTTP but for what does not apply', { timeout: 180_000 }, async () => {
  const { url } = await serveHttp();
  const args = [CONFORMANCE, 'server', '--url', url, '--suite', 'all', '--expected-failures', BASELINE];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: emptyFolder(), maxBuffer: 16_777_216 }).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toContain('Baseline check passed');
  for (const scenario of [
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'resources-subscribe',
    'resources-unsubscribe',
    'server-sse-multiple-streams',
    'dns-rebinding-protection',
  ])
    expect(stdout).toMatch(new RegExp(`✓ ${scenario}: \\d+ passed, 0 failed`));
});
