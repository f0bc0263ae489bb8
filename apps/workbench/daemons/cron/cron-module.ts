import type { DaemonModule } from '../daemon.ts';
import { CronDaemon } from './cron-daemon.ts';
import { CronRuns, type InProcessSkill } from './cron-runs.ts';

/** The scheduler. `skills` are those that jobs of the mode `in_process` may name. */
export function cronModule({ skills = {} }: { readonly skills?: Readonly<Record<string, InProcessSkill>> } = {}): DaemonModule {
  const runs = new CronRuns(skills);
  return { name: 'cron', effects: [runs.effect], create: (context) => new CronDaemon(context, runs) };
}
