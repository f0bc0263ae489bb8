import { openHome } from '../client/open-home.ts';
import { makeLog } from '../log.ts';
import { servePage } from '../web/server/serve-page.ts';
import type { CommandContext } from './command-context.ts';
import { portOf } from './port.ts';
import type { RefreshOptions } from './refresh-option.ts';

export interface WebOptions extends RefreshOptions {
  readonly port: string;
}

/** Serves the page of the home to this machine until the process is told to end; prints its address. */
export async function webCommand(
  { home, project, logLevel, environment, output }: CommandContext,
  { port, refresh }: WebOptions,
): Promise<void> {
  const { promise: told, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve(signal));
  const log = makeLog(logLevel);
  const opened = await openHome({ home, environment, log, refreshSeconds: refresh, ...(project !== undefined && { project }) });
  try {
    const page = await servePage({ overview: opened.overview, calls: opened.calls, log, port: portOf(port) });
    output.result({ url: page.url }, `The Workbench is open at ${page.url}\nWhoever has this address may do everything in it.`);
    log.info({ reason: await told }, 'ending');
    await page.close();
  } finally {
    await opened.close();
  }
}
