import { makeLog } from '../../../log.ts';
import { runMcp } from '../../../mcp/run-mcp.ts';

/** Serves MCP on a home: over standard input and output, or on a port that it prints. */
const [home = '', port] = process.argv.slice(2);
const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());
await runMcp({
  home,
  project: home,
  log: makeLog('error'),
  signal: ending.signal,
  ...(port !== undefined && { port: Number(port) }),
  onListening: (url) => console.log(url),
});
