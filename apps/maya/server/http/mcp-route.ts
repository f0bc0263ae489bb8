import { createMcpHandler } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { mcpServers } from '../mcp/mcp-server.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';

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
  const call = operation({
    id: 'callByMcp',
    summary: 'The Model Context Protocol over streamable HTTP: Maya’s tools for other agents, whose schemas tools/list tells.',
    answers: {
      200: { description: 'A JSON-RPC answer, or server-sent events that end with one.', mediaType: 'application/json' },
      202: { description: 'A notification was taken.' },
    },
  });
  routes.post('/', call, (c) => handler.fetch(c.req.raw));
  const listen = { description: 'There is no stream and no session of the transport here.' };
  routes.get('/', operation({ id: 'listenByMcp', summary: 'Not offered.', answers: { 405: listen } }), (c) => handler.fetch(c.req.raw));
  routes.delete('/', operation({ id: 'leaveByMcp', summary: 'Not offered.', answers: { 405: listen } }), (c) => handler.fetch(c.req.raw));
  return routes;
}
