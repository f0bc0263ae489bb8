import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Logger } from 'pino';
import type { WorkbenchMcp } from './workbench-mcp.ts';

/** Serves one client over standard input and output. Resolves when the client is gone, or the signal says so. */
export async function serveMcpStdio(
  mcp: WorkbenchMcp,
  { log, sessionId, signal }: { readonly log: Logger; readonly sessionId?: string | undefined; readonly signal: AbortSignal },
): Promise<void> {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const connection = { sessionId };
  const handle = serveStdio(({ era }) => mcp.server(connection, era === 'modern' ? 'all' : 'subscribed'), {
    onerror: (error) => log.warn({ err: error }, 'a message by MCP was refused'),
  });
  process.stdin.once('end', end).once('close', end);
  signal.addEventListener('abort', () => end(), { once: true });
  if (signal.aborted) end();
  await ended;
  await handle.close();
}
