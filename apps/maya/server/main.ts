import { readConfig } from './config.ts';
import { masterKeysFor } from './keys/master-keys.ts';
import { listen } from './listen.ts';
import { makeLog } from './log.ts';
import { openMaya } from './open-maya.ts';
import { storeFor } from './open-store.ts';
import { providerFor } from './payments/open-provider.ts';

/** Opens the bar and prints its address, one line; everything else goes to the log on standard error. */
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
  });
  const server = await listen(maya, config).catch(async (error: unknown) => {
    await maya.close();
    throw error;
  });
  console.log(`Maya is open at ${server.url}`);

  const end = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'closing');
    server.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, 'could not close in order');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
}

main().catch((error: unknown) => {
  console.error(`Maya cannot open: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
