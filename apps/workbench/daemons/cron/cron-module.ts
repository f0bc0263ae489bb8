import { workbenchMethods } from '../../methods/workbench-methods.ts';
import type { DaemonModule } from '../daemon.ts';
import { CronDaemon } from './cron-daemon.ts';
import { CronRuns } from './cron-runs.ts';

/** The scheduler. Jobs of the mode `in_process` may name any method of the home: `memory_cleanup`, `session_sync`. */
export function cronModule(): DaemonModule {
  const runs = new CronRuns();
  return { name: 'cron', effects: [runs.effect], create: (context) => new CronDaemon(context, runs, workbenchMethods(context.workbench)) };
}
