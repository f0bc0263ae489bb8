import { randomUUID } from 'node:crypto';
import { WebStandardStreamableHTTPServerTransport, type McpServer } from '@modelcontextprotocol/server';
import { EventLog } from './event-log.ts';

const HEADER = 'mcp-session-id';
/** A client whose stream broke comes back after so long. */
const RETRY_MS = 1_000;
/** Nobody has so many clients on one machine; the one that was not heard of for longest makes room. */
const MOST = 64;

interface HttpSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly server: McpServer;
}

/** Connections of clients that speak the protocol of 2025, which has sessions over HTTP. Least recently used first. */
export class HttpSessions {
  readonly #sessions = new Map<string, HttpSession>();
  readonly #makeServer: (request: Request) => McpServer;
  readonly #maxBytes: number;

  constructor(options: { readonly makeServer: (request: Request) => McpServer; readonly maxBytes: number }) {
    this.#makeServer = options.makeServer;
    this.#maxBytes = options.maxBytes;
  }

  async handle(request: Request): Promise<Response> {
    const id = request.headers.get(HEADER);
    if (id === null) return await this.#begin(request);
    const session = this.#sessions.get(id);
    if (!session) return refusal('There is no such session (any more). Initialize again.');
    this.#sessions.delete(id);
    this.#sessions.set(id, session);
    return await session.transport.handleRequest(request);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sessions.values()].map(({ server }) => server.close()));
    this.#sessions.clear();
  }

  /** The transport refuses what is no `initialize`; then nothing is kept. */
  async #begin(request: Request): Promise<Response> {
    const server = this.#makeServer(request);
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      eventStore: new EventLog(),
      retryInterval: RETRY_MS,
      maxRequestBodySize: this.#maxBytes,
      onsessioninitialized: (id) => {
        this.#sessions.set(id, { transport, server });
        this.#makeRoom();
      },
      onsessionclosed: (id) => void this.#sessions.delete(id),
    });
    await server.connect(transport);
    const response = await transport.handleRequest(request);
    if (transport.sessionId === undefined) await server.close();
    return response;
  }

  #makeRoom(): void {
    for (const [id, { server }] of this.#sessions) {
      if (this.#sessions.size <= MOST) return;
      this.#sessions.delete(id);
      void server.close();
    }
  }
}

function refusal(message: string): Response {
  return Response.json({ jsonrpc: '2.0', id: null, error: { code: -32_001, message } }, { status: 404 });
}
