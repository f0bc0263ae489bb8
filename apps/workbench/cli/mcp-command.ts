import { makeLog } from '../log.ts';
import { runMcp } from '../mcp/run-mcp.ts';
import type { CommandContext } from './command-context.ts';
import { portOf } from './port.ts';

export interface McpOptions {
  readonly port?: string;
  readonly session?: string;
}

/** Serves agents until they are gone or the process is told to end. Standard output is theirs. */
export async function mcpCommand(
  { home, project, logLevel, environment, output }: CommandContext,
  { port, session }: McpOptions,
): Promise<void> {
  const end = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => end.abort());
  await runMcp({
    home,
    log: makeLog(logLevel),
    environment,
    signal: end.signal,
    ...(project !== undefined && { project }),
    ...(session !== undefined && { sessionId: session }),
    ...(port !== undefined && { port: portOf(port), onListening: (url: string) => output.result({ url }, `MCP is served at ${url}`) }),
  });
}
