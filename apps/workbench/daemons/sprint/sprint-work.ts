import { defineEffect, EffectFailure, type EffectDefinition } from 'holdfast';
import { finish, interrupt } from './issue-changes.ts';
import { sprintState } from './sprint-state.ts';
import { WorkOrder, WorkReport, type SprintWorker } from './sprint-worker.ts';

const INTERRUPTED =
  'The process that worked on it ended before it said what became of it. Look at what was done so far, then start it again or reject it.';

/** The work on an issue, as an effect: it is begun once, and one that a crash cut off is not begun again by itself but blocked. */
export class SprintWork {
  readonly effect: EffectDefinition<WorkOrder, WorkReport>;
  readonly #underWay = new Map<string, { readonly controller: AbortController; readonly ended: Promise<unknown> }>();

  constructor(worker: SprintWorker) {
    this.effect = defineEffect({
      name: 'sprintWork',
      input: WorkOrder,
      output: WorkReport,
      states: [sprintState],
      run: async (order, { key: run, signal }) => {
        const controller = new AbortController();
        const ended = worker.work(order, { run, signal: AbortSignal.any([signal, controller.signal]) });
        this.#underWay.set(run, { controller, ended: ended.catch(() => undefined) });
        try {
          const report = await ended;
          if (controller.signal.aborted) throw new EffectFailure(String(controller.signal.reason));
          return report;
        } finally {
          this.#underWay.delete(run);
        }
      },
      // A command cannot be asked what it did, and nobody may do it twice: a person looks.
      reconcile: () => Promise.resolve({ status: 'failed', error: INTERRUPTED }),
      settle: ([sprint], outcome, tx, { key: run, input: { key } }) => {
        if (outcome.status === 'done') finish(sprint, key, run, outcome.output, tx);
        else if (sprint.issues[key]?.run === run) interrupt(sprint, key, outcome.status === 'unknown' ? INTERRUPTED : outcome.error, tx);
      },
    });
  }

  /** Ends what is under way here, except the one run that is wanted; resolves when it has ended. */
  async endAllBut(wanted: string | null, reason: string): Promise<void> {
    const unwanted = [...this.#underWay].filter(([run]) => run !== wanted).map(([, work]) => work);
    for (const { controller } of unwanted) controller.abort(reason);
    await Promise.all(unwanted.map(({ ended }) => ended));
  }
}
