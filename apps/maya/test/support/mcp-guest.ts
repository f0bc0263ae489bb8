import { Client, StreamableHTTPClientTransport, type CallToolResult, type Transport } from '@modelcontextprotocol/client';

/** What a tool answered, with the handle of its session where it gave one. */
export interface Told {
  readonly status: 'ok' | 'error';
  readonly error?: string;
  readonly message?: string;
  readonly hint?: string;
  readonly retryAfterSeconds?: number;
  readonly result: Readonly<Record<string, unknown>>;
}

/** An agent with a client of MCP, and the session that it has opened. */
export class McpGuest implements AsyncDisposable {
  readonly client: Client;
  session: string | undefined;

  private constructor(client: Client) {
    this.client = client;
  }

  /** Comes in by streamable HTTP; `url` is that of the bar. */
  static arrive(url: string): Promise<McpGuest> {
    return McpGuest.over(new StreamableHTTPClientTransport(new URL('/mcp', url)));
  }

  static async over(transport: Transport): Promise<McpGuest> {
    const client = new Client({ name: 'guest', version: '1.0.0' });
    await client.connect(transport);
    return new McpGuest(client);
  }

  /** With a session of its own. */
  static async comeIn(url: string): Promise<McpGuest> {
    const guest = await McpGuest.arrive(url);
    guest.session = (await guest.call('open_session')).result['session'] as string;
    return guest;
  }

  /** Calls a tool, with the guest's session where it has one. */
  async call(name: string, input: Record<string, unknown> = {}): Promise<Told> {
    const session = this.session === undefined ? {} : { session: this.session };
    return told(await this.client.callTool({ name, arguments: { ...session, ...input } }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
  }
}

/** The structured answer, which the text must repeat. */
function told({ content, structuredContent, isError = false }: CallToolResult): Told {
  const [text] = content;
  if (text?.type !== 'text' || JSON.stringify(JSON.parse(text.text)) !== JSON.stringify(structuredContent))
    throw new Error(`Text and structure differ: ${JSON.stringify(content)}`);
  const answer = structuredContent as Told;
  if (isError !== (answer.status === 'error'))
    throw new Error(`An answer of ${answer.status} is marked ${isError ? 'as' : 'as no'} error.`);
  return answer;
}
