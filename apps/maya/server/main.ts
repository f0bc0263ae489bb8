import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { readConfig } from './config.ts';
import { masterKeysFor } from './keys/master-keys.ts';
import { listen } from './listen.ts';
import { makeLog } from './log.ts';
import { openMaya } from './open-maya.ts';
import { storeFor } from './open-store.ts';
import { providerFor } from './payments/open-provider.ts';

/**
 * Opens the bar and prints its address, one line; everything else goes to the log on standard error. With `--mcp` standard output belongs to the
 * client of MCP, the address goes to standard error too, and the bar closes when the client goes.
 */
async function main(): Promise<void> {
  const config = readConfig(process.env, process.argv.slice(2));
  const log = makeLog(config.logLevel);
  const maya = await openMaya({
    store: storeFor(config.store),
    ...(await providerFor(config, log)),
    log,
    masterKeys: await masterKeysFor(config, log),
    serverKeys: config.serverKeys,
    requiresKeys: config.requiresKeys,
    geminiModel: config.geminiModel,
    maxSessions: config.maxSessions,
    messageLimits: config.messageLimits,
    voice: config.voice,
    scanThresholds: config.scanThresholds,
    sessionExpiresAfterMs: config.sessionExpirySeconds * 1_000,
    cleanupEveryMs: config.cleanupIntervalSeconds * 1_000,
    allowedHosts: [config.host, ...config.allowedHosts],
    wordDelayMs: config.wordDelayMs,
    ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
  });
  const server = await listen(maya, config).catch(async (error: unknown) => {
    await maya.close();
    throw error;
  });
  const open = `Maya is open at ${server.url}`;
  if (config.mcp) console.error(open);
  else console.log(open);
  const stdio = config.mcp ? serveStdio(() => maya.mcp({ baseUrl: config.publicUrl ?? server.url })) : undefined;

  const end = (signal: NodeJS.Signals | 'end of input'): void => {
    log.info({ signal }, 'closing');
    Promise.all([server.close(), stdio?.close()]).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not close in order');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (config.mcp) process.stdin.once('end', () => end('end of input'));
}

main().catch((error: unknown) => {
  console.error(`Maya cannot open: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
