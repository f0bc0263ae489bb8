import { z } from 'zod';
import { defineMethod, type Method } from '../../methods/method.ts';
import type { CronDaemon } from './cron-daemon.ts';
import { KEPT_RUNS, SHOWN_RUNS } from './cron-state.ts';

const Name = z.string().min(1).max(100);

/** What clients can call of the scheduler. Jobs and the scheduler are switched by the toggles. */
export function cronMethods(cron: CronDaemon): readonly Method[] {
  return [
    defineMethod({
      name: 'list_jobs',
      title: 'List jobs',
      description: 'Lists the scheduled jobs: whether each is on, when it runs next, when it last ran and what became of that.',
      input: {},
      hints: { readOnly: true },
      run: () => {
        const { history: _history, ...status } = cron.status;
        return status;
      },
    }),
    defineMethod({
      name: 'job_history',
      title: 'Runs of jobs',
      description: `Gives runs that are over, the newest first: ${SHOWN_RUNS} unless told otherwise, ${KEPT_RUNS} at most, of all jobs or of one.`,
      input: { job: Name.optional(), limit: z.int().min(1).max(KEPT_RUNS).default(SHOWN_RUNS) },
      hints: { readOnly: true },
      run: ({ job, limit }) => ({ runs: cron.runs({ job, limit }) }),
    }),
    defineMethod({
      name: 'run_job',
      title: 'Run a job now',
      description: 'Begins a job at once, also one that is switched off. Gives the key of the run; what becomes of it is in the history.',
      input: { name: Name },
      hints: { readOnly: false, openWorld: true },
      run: async ({ name }) => ({ name, run: await cron.runNow(name) }),
    }),
  ];
}
