import { openHome } from '../client/open-home.ts';
import { makeLog } from '../log.ts';
import type { CommandContext } from './command-context.ts';
import type { RefreshOptions } from './refresh-option.ts';

export interface TopOptions extends RefreshOptions {
  readonly once?: boolean;
}

/** Where a text has no window. */
const COLUMNS = 100;

/** Shows the home live in the terminal; printed once with `--once`, with `--json`, and where there is no terminal. */
export async function topCommand(context: CommandContext, { once = false, refresh }: TopOptions): Promise<void> {
  const { home, project, environment, output } = context;
  // Nothing but the dashboard belongs on the screen; what a person should know of files is in it.
  const log = makeLog('silent');
  const opened = await openHome({ home, environment, log, refreshSeconds: refresh, ...(project !== undefined && { project }) });
  const { stdin, stdout } = process;
  const hasColour = stdout.isTTY && !environment['NO_COLOR'];
  try {
    if (once || output.isJson || !stdout.isTTY || !stdin.isTTY) {
      const overview = await opened.overview.refresh();
      const { summaryText } = await import('../top/summary.ts');
      output.result(overview, summaryText(overview, Date.now(), { hasColour, columns: stdout.isTTY ? stdout.columns : COLUMNS }));
    } else {
      const { runDashboard } = await import('../top/run-dashboard.ts');
      await runDashboard(opened, hasColour);
    }
  } finally {
    await opened.close();
  }
}
