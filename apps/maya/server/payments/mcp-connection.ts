import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

/** The tool that makes a payment, and the one that looks it up. */
const NEEDED = { create_payment_link: 'idempotency_key', get_payment_link: 'id' } as const;
/** The tool that deactivates a link; a server may lack it. */
const DEACTIVATE = 'deactivate_payment_link';

export interface McpConnectionOptions {
  readonly url: string;
  readonly token?: string | undefined;
}

/** A connected MCP server that offers what payments need. */
interface Connected {
  readonly client: Client;
  readonly canDeactivate: boolean;
}

/** A connection to an MCP server over streamable HTTP, made when it is first needed and anew after a failure. */
export class McpConnection {
  readonly #options: McpConnectionOptions;
  #connecting: Promise<Connected> | undefined;

  constructor(options: McpConnectionOptions) {
    this.#options = options;
  }

  /** The structured result of a tool. Rejects when the server is not reached, lacks a tool, or the tool fails. */
  async call(tool: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    const connecting = this.#connect(signal);
    const { client } = await connecting;
    const result = await client.callTool({ name: tool, arguments: args }, { signal }).catch(async (error: unknown) => {
      await this.#drop(connecting);
      throw error;
    });
    if (result.isError) throw new Error(`The MCP server's ${tool} failed: ${JSON.stringify(result.content).slice(0, 200)}`);
    return result.structuredContent;
  }

  async canDeactivate(signal: AbortSignal): Promise<boolean> {
    return (await this.#connect(signal)).canDeactivate;
  }

  async ping(signal: AbortSignal): Promise<void> {
    const connecting = this.#connect(signal);
    try {
      await (await connecting).client.listTools(undefined, { signal });
    } catch (error) {
      await this.#drop(connecting);
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#connecting) await this.#drop(this.#connecting);
  }

  #connect(signal: AbortSignal): Promise<Connected> {
    const connecting = (this.#connecting ??= connect(this.#options, signal));
    connecting.catch(() => {
      if (this.#connecting === connecting) this.#connecting = undefined;
    });
    return connecting;
  }

  /** The next call connects anew; only the first who notices that the connection fails ends it. */
  async #drop(connecting: Promise<Connected>): Promise<void> {
    if (this.#connecting !== connecting) return;
    this.#connecting = undefined;
    await connecting.then(
      ({ client }) => client.close(),
      () => undefined,
    );
  }
}

async function connect({ url, token }: McpConnectionOptions, signal: AbortSignal): Promise<Connected> {
  const client = new Client({ name: 'maya', version: '0.1.0' });
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    ...(token !== undefined && { authProvider: { token: () => Promise.resolve(token) } }),
  });
  await client.connect(transport, { signal });
  const { tools } = await client.listTools(undefined, { signal });
  for (const [name, argument] of Object.entries(NEEDED)) {
    const tool = tools.find((each) => each.name === name);
    if (tool?.inputSchema.properties && argument in tool.inputSchema.properties) continue;
    await client.close();
    throw new Error(`The MCP server cannot take payments: it has no tool ${name} with the argument ${argument}.`);
  }
  return { client, canDeactivate: tools.some(({ name }) => name === DEACTIVATE) };
}
