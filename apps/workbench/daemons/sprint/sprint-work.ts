import { defineEffect, EffectFailure, type EffectDefinition } from 'holdfast';
import { finish, interrupt } from './issue-changes.ts';
import { sprintState } from './sprint-state.ts';
import { WorkOrder, WorkReport, type SprintWorker } from './sprint-worker.ts';

const INTERRUPTED =
  'The process that worked on it ended before it said what became of it. Look at what was done so far, then start it again or reject it.';

/** The work on an issue, as an effect: it is begun once, and one that a crash cut off is not begun again by itself but blocked. */
export class SprintWork {
  readonly effect: EffectDefinition<WorkOrder, WorkReport>;
  readonly #worker: SprintWorker;
  readonly #underWay = new Map<string, { readonly controller: AbortController; readonly ended: Promise<unknown> }>();
  #refusal: (run: string) => Promise<string | undefined> = () => Promise.resolve(undefined);

  constructor(worker: SprintWorker) {
    this.#worker = worker;
    this.effect = defineEffect({
      name: 'sprintWork',
      input: WorkOrder,
      output: WorkReport,
      states: [sprintState],
      run: async (order, { key: run, signal }) => {
        const controller = new AbortController();
        const report = this.#work(order, run, controller.signal, signal);
        this.#underWay.set(run, { controller, ended: report.catch(() => undefined) });
        return await report.finally(() => this.#underWay.delete(run));
      },
      // A command cannot be asked what it did, and nobody may do it twice: a person looks.
      reconcile: () => Promise.resolve({ status: 'failed', error: INTERRUPTED }),
      settle: ([sprint], outcome, tx, { key: run, input: { key } }) => {
        if (outcome.status === 'done') finish(sprint, key, run, outcome.output, tx);
        else if (sprint.issues[key]?.run === run) interrupt(sprint, key, outcome.status === 'unknown' ? INTERRUPTED : outcome.error, tx);
      },
    });
  }

  /** From now on a run is not begun when this gives a reason: it was aborted between being intended and being begun. */
  refuseBy(refusal: (run: string) => Promise<string | undefined>): void {
    this.#refusal = refusal;
  }

  /** Ends what is under way here, except the one run that is wanted; resolves when it has ended. */
  async endAllBut(wanted: string | null, reason: string): Promise<void> {
    const unwanted = [...this.#underWay].filter(([run]) => run !== wanted).map(([, work]) => work);
    for (const { controller } of unwanted) controller.abort(reason);
    await Promise.all(unwanted.map(({ ended }) => ended));
  }

  async #work(order: WorkOrder, run: string, ended: AbortSignal, signal: AbortSignal): Promise<WorkReport> {
    const refusal = await this.#refusal(run);
    if (refusal !== undefined) throw new EffectFailure(refusal);
    const report = ended.aborted ? undefined : await this.#worker.work(order, { run, signal: AbortSignal.any([signal, ended]) });
    if (ended.aborted || !report) throw new EffectFailure(String(ended.reason));
    return report;
  }
}
