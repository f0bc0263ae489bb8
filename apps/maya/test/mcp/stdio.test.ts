import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { McpGuest } from '../support/mcp-guest.ts';

const MAIN = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'maya-stdio-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function startMaya(): StdioClientTransport {
  const args = ['-C', 'holdfast-source', MAIN, '--mcp', '--store', `sqlite:${join(directory, 'bar.db')}`];
  return new StdioClientTransport({ command: process.execPath, args, stderr: 'pipe' });
}

describe('a client of MCP over stdio', () => {
  it('orders, and pays on a page that the same process serves', async () => {
    await using guest = await McpGuest.over(startMaya());
    guest.session = (await guest.call('open_session')).result['session'] as string;
    await guest.call('add_to_order', { item_name: 'Daiquiri' });
    const { link } = (await guest.call('pay_bill')).result as { link: string };
    expect((await fetch(`${link}/confirm`, { method: 'POST' })).status).toBe(200);
    expect((await guest.call('check_payment_status')).result).toMatchObject({ status: 'completed', paidTotal: '$10.00' });
  });

  it('goes on with its session after its server has ended', async () => {
    const first = startMaya();
    let logged = '';
    first.stderr?.on('data', (text: Buffer) => (logged += text.toString()));
    const guest = await McpGuest.over(first);
    const session = (await guest.call('open_session')).result['session'] as string;
    await guest.call('add_to_order', { session, item_name: 'IPA' });
    await guest.client.close();
    expect(logged).toContain('end of input');
    await using again = await McpGuest.over(startMaya());
    expect((await again.call('get_balance', { session })).result).toMatchObject({ tab: '$6.00' });
  });
});
