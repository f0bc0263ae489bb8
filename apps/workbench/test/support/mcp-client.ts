import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { onTestFinished } from 'vitest';
import { makeLog } from '../../log.ts';
import { serveMcpHttp } from '../../mcp/serve-http.ts';
import { WorkbenchMcp } from '../../mcp/workbench-mcp.ts';
import type { Workbench, WorkbenchOptions } from '../../open-workbench.ts';
import { emptyFolder, openHome } from './open-home.ts';

const MAIN = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

/** How the server is started over standard input and output. */
export function mcpCommand(home: string): { readonly command: string; readonly args: string[] } {
  return {
    command: process.execPath,
    args: ['-C', 'holdfast-source', MAIN, '--home', home, '--project', home, '--log-level', 'error', 'mcp'],
  };
}

/** All variables: else the server would not share what the tests have compiled. */
function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** A client of a server that it starts. */
export async function overStdio(home: string, revision?: Revision): Promise<McpUser> {
  return await McpUser.connect(new StdioClientTransport({ ...mcpCommand(home), env: environment(), stderr: 'inherit' }), revision);
}

/** A server over HTTP in this process, with its Workbench. */
export async function serveHttp(options: Partial<WorkbenchOptions> = {}): Promise<{
  readonly url: string;
  readonly workbench: Workbench;
  readonly connect: (query?: string, revision?: Revision) => Promise<McpUser>;
}> {
  const workbench = await openHome({ home: join(emptyFolder(), 'home'), renderAfterMs: 1, ...options });
  const mcp = await WorkbenchMcp.open(workbench);
  const server = await serveMcpHttp(mcp, { port: 0, log: makeLog('silent') });
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await mcp[Symbol.asyncDispose]();
  });
  return {
    url: server.url,
    workbench,
    connect: (query = '', revision) => McpUser.connect(new StreamableHTTPClientTransport(new URL(server.url + query)), revision),
  };
}

/** Of the protocol: the one before subscriptions, or the one with them. */
export type Revision = '2025-11-25' | '2026-07-28';

/** An agent with a client of MCP. */
export class McpUser {
  readonly client: Client;
  readonly #revision: Revision;
  /** Methods of the notifications that came, with the resource that they are about. */
  readonly told: string[] = [];

  private constructor(client: Client, revision: Revision) {
    this.client = client;
    this.#revision = revision;
  }

  static async connect(transport: Transport, revision: Revision = '2025-11-25'): Promise<McpUser> {
    const mode = revision === '2025-11-25' ? 'legacy' : { pin: revision };
    const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode } });
    const user = new McpUser(client, revision);
    client.setNotificationHandler('notifications/tools/list_changed', () => void user.told.push('tools'));
    client.setNotificationHandler('notifications/resources/list_changed', () => void user.told.push('resources'));
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => void user.told.push(params.uri));
    await client.connect(transport);
    onTestFinished(() => client.close());
    return user;
  }

  /** From now on it is told of lists that change, and of this resource. */
  async subscribe(uri: string): Promise<void> {
    if (this.#revision === '2025-11-25') await this.client.subscribeResource({ uri });
    else await this.client.listen({ toolsListChanged: true, resourcesListChanged: true, resourceSubscriptions: [uri] });
  }

  async toolNames(): Promise<readonly string[]> {
    return (await this.client.listTools()).tools.map(({ name }) => name);
  }

  /** What a tool gave. @throws {Error} with what it said when it failed. */
  async call(name: string, input: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const { isError, structuredContent, content } = await this.client.callTool({ name, arguments: input });
    const [text] = content;
    if (text?.type !== 'text') throw new Error('A tool answers with a text.');
    if (isError) throw new Error(text.text);
    return structuredContent as Record<string, unknown>;
  }
}
