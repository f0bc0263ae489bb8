import { McpServer, type CallToolResult, type StandardSchemaWithJSON } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { MayaContext } from '../http/maya-context.ts';
import type { ToolHints } from '../tools/bar-tool.ts';
import { barTools } from './bar-tools.ts';
import { answerFault, type McpAnswer } from './mcp-answer.ts';
import type { McpPlace, McpTool } from './mcp-tool.ts';
import { sessionTools } from './session-tools.ts';

const INSTRUCTIONS = `This is a bar. Call open_session first and pass its handle, as session, with every other call. Drinks are charged to a tab as they are ordered;
pay_bill starts the payment of the tab and gives a link, which the guest confirms, and check_payment_status tells what became of it. Order and pay only for
what the guest asked for. Every answer has a status; an error says in its hint what to do.`;

/** Makes the servers that clients of MCP talk to, one a request or connection; they hold nothing between calls. */
export function mcpServers(context: MayaContext): (place: McpPlace) => McpServer {
  const tools = [...sessionTools(context), ...barTools(context)];
  return (place) => {
    const server = new McpServer({ name: 'maya', title: 'Maya, the bartender', version: '0.1.0' }, { instructions: INSTRUCTIONS });
    for (const tool of tools) register(server, tool, context, place);
    return server;
  };
}

function register(server: McpServer, tool: McpTool, { log }: MayaContext, place: McpPlace): void {
  const { name, title, description, hints, input } = tool;
  const config = { title, description, annotations: annotations(hints), inputSchema: published(input) };
  server.registerTool(name, config, async (given) =>
    asResult(await tool.run(given, place).catch((error: unknown) => answerFault(log, name, error))),
  );
}

/** The schema is told to clients; the tool itself keeps it, so that the error for an input that does not fit is one of its own. */
function published(input: z.ZodObject): StandardSchemaWithJSON<unknown, unknown> {
  return { '~standard': { ...input['~standard'], validate: (value) => ({ value }) } };
}

function annotations({
  readOnly = false,
  destructive = false,
  idempotent = readOnly,
  openWorld = false,
}: ToolHints): Record<string, boolean> {
  return { readOnlyHint: readOnly, destructiveHint: destructive, idempotentHint: idempotent, openWorldHint: openWorld };
}

function asResult(answer: McpAnswer): CallToolResult {
  const result = { content: [{ type: 'text' as const, text: JSON.stringify(answer) }], structuredContent: { ...answer } };
  return answer.status === 'ok' ? result : { ...result, isError: true };
}
