import { createMcpHandler } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { mcpServers } from '../mcp/mcp-server.ts';
import type { MayaContext } from './maya-context.ts';

/** Larger than any call of a tool. */
const MOST_BYTES = 64 * 1024;

/** `/mcp`: Maya's tools for clients of MCP over streamable HTTP. No cookie counts here: a client names its session in each call. */
export function mcpRoute(context: MayaContext): Hono {
  const { log, publicUrl } = context;
  const servers = mcpServers(context);
  const handler = createMcpHandler(({ requestInfo }) => servers({ baseUrl: publicUrl ?? requestInfo?.url ?? 'http://localhost/' }), {
    maxRequestBodySize: MOST_BYTES,
    onerror: (error) => log.warn({ err: error }, 'a request by MCP was refused'),
  });
  const routes = new Hono();
  routes.on(['POST', 'GET', 'DELETE'], '/', (c) => handler.fetch(c.req.raw));
  return routes;
}
