import { openWorkbench, type WorkbenchOptions } from '../open-workbench.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { serveMcpHttp } from './serve-http.ts';
import { serveMcpStdio } from './serve-stdio.ts';
import { WorkbenchMcp } from './workbench-mcp.ts';

export interface RunMcpOptions extends WorkbenchOptions {
  /** Serves over HTTP on this port of the machine, 0 for any. Default: over standard input and output. */
  readonly port?: number;
  /** By whose persona tools are offered to a client over standard input and output until it begins a session. */
  readonly sessionId?: string;
  /** Ends the serving. */
  readonly signal: AbortSignal;
  /** Called with the address when clients can connect over HTTP. */
  readonly onListening?: (url: string) => void;
}

/** `holdfast-workbench mcp`. Resolves when the client is gone or the signal says so, with everything in its files. */
export async function runMcp({ port, sessionId, signal, onListening, ...options }: RunMcpOptions): Promise<void> {
  const workbench = await openWorkbench(options);
  try {
    if (sessionId !== undefined && !workbench.workspaces.getSession(sessionId))
      throw new WorkbenchError('NOT_FOUND', `There is no session ${sessionId}. Leave it out; the client begins one with session_start.`);
    await using mcp = await WorkbenchMcp.open(workbench);
    if (port === undefined) {
      await serveMcpStdio(mcp, { log: workbench.log, sessionId, signal });
      return;
    }
    await using server = await serveMcpHttp(mcp, { port, log: workbench.log });
    onListening?.(server.url);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    await workbench.close();
  }
}
