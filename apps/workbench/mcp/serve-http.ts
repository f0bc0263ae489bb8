import { serve } from '@hono/node-server';
import {
  createMcpHandler,
  hostHeaderValidationResponse,
  isLegacyRequest,
  localhostAllowedHostnames,
  localhostAllowedOrigins,
  originValidationResponse,
} from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { HttpSessions } from './http-sessions.ts';
import type { WorkbenchMcp } from './workbench-mcp.ts';

/** Larger than any document that may be written. */
const MAX_BYTES = 4 * 1_024 * 1_024;

export interface McpHttpServer extends AsyncDisposable {
  /** Of the endpoint. A client names its session by `?session=<id>`. */
  readonly url: string;
}

/** Serves clients of this machine over streamable HTTP at `/mcp`. Requests that name another host, or come from a page of one, are refused. */
export async function serveMcpHttp(
  mcp: WorkbenchMcp,
  { port, log }: { readonly port: number; readonly log: Logger },
): Promise<McpHttpServer> {
  const onerror = (error: Error): void => log.warn({ err: error }, 'a request by MCP was refused');
  const current = createMcpHandler(({ requestInfo }) => mcp.server({ sessionId: requestInfo && sessionOf(requestInfo) }), {
    legacy: 'reject',
    maxRequestBodySize: MAX_BYTES,
    onerror,
  });
  const sessions = new HttpSessions({
    makeServer: (request) => mcp.server({ sessionId: sessionOf(request) }, 'subscribed'),
    maxBytes: MAX_BYTES,
  });
  const endListening = mcp.changes.listen((change) => {
    if (change.kind === 'tools') current.notify.toolsChanged();
    else if (change.kind === 'resources') current.notify.resourcesChanged();
    else current.notify.resourceUpdated(change.uri);
  });
  const app = new Hono();
  app.use(async (c, next) => {
    const refused =
      hostHeaderValidationResponse(c.req.raw, localhostAllowedHostnames()) ??
      originValidationResponse(c.req.raw, localhostAllowedOrigins());
    if (refused) return refused;
    await next();
    return undefined;
  });
  app.on(['POST', 'GET', 'DELETE'], '/mcp', async (c) => {
    const request = c.req.raw;
    return (await isLegacyRequest(request, undefined, { maxRequestBodySize: MAX_BYTES }))
      ? await sessions.handle(request)
      : await current.fetch(request);
  });
  const { promise: listening, resolve, reject } = Promise.withResolvers<AddressInfo>();
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port }, resolve);
  server.once('error', reject);
  const address = await listening;
  return {
    url: `http://127.0.0.1:${address.port}/mcp`,
    async [Symbol.asyncDispose]() {
      endListening();
      await Promise.all([current.close(), sessions.close()]);
      const { promise: closed, resolve: onClosed } = Promise.withResolvers<void>();
      server.close(() => onClosed());
      if ('closeAllConnections' in server) server.closeAllConnections();
      await closed;
    },
  };
}

/** The session that the address of a request names. */
function sessionOf({ url }: Request): string | undefined {
  return new URL(url).searchParams.get('session') ?? undefined;
}
