import { emptyCommit, type BatchResult, type Change, type Commit, type LoggedCommit } from '../store/index.ts';
import { BatchView } from './batch-view.ts';
import { withParents } from './entity-cell.ts';
import type { Job, Plan } from './job.ts';

/** A batch that has so many characters of changes takes no more; see docs/performance.md. */
const MAX_CHARACTERS = 262_144;

export interface FormedJob {
  readonly job: Job;
  readonly plan: Plan;
}

/** Forms the jobs one on top of the other, as far as they fit into one batch; the `rest` is for the next one. */
export function formBatch(jobs: readonly Job[]): { readonly formed: readonly FormedJob[]; readonly rest: readonly Job[] } {
  const view = new BatchView();
  const formed: FormedJob[] = [];
  let characters = 0;
  for (const [index, job] of jobs.entries()) {
    const isAfterUse = job.idempotency && view.isKeyTaken(job.idempotency.entity, job.idempotency.key);
    if (isAfterUse || view.isAnyDropped(withParents(job.entities))) return { formed, rest: jobs.slice(index) };
    const plan = formPlan(job, view);
    const size = plan.commit.changes.reduce((sum, change) => sum + change.body.length, 0);
    if (formed.length > 0 && characters + size > MAX_CHARACTERS) return { formed, rest: jobs.slice(index) };
    characters += size;
    view.accept(plan);
    formed.push({ job, plan });
  }
  return { formed, rest: [] };
}

/** The job's plan, or one that only verifies what the recipe had seen when it threw. */
function formPlan(job: Job, view: BatchView): Plan {
  try {
    return job.form(view);
  } catch (thrown) {
    const commit: Commit = { ...emptyCommit(), ...view.readings(job.cells) };
    return { commit, next: [], value: undefined, error: { thrown } };
  }
}

/** The written batch as the log has it; undefined where only the log can tell, of deletions and of changes that are not published. */
export function asLogged(
  formed: readonly FormedJob[],
  { seqs, now }: Extract<BatchResult, { ok: true }>,
): readonly LoggedCommit[] | undefined {
  const logged: LoggedCommit[] = [];
  for (const [index, { plan }] of formed.entries()) {
    const { commitId, meta, changes, drops } = plan.commit;
    const seq = seqs[index] as number;
    if (seq === 0) continue;
    if (drops.length > 0 || changes.length !== plan.next.length) return undefined;
    const named = plan.next.map(({ cell: { entity } }, at) => {
      const { scope, id, eid = 0 } = entity;
      return { ...(changes[at] as Change), eid, scope, id };
    });
    logged.push({ ...meta, seq, commitId, at: now, changes: named, drops: [] });
  }
  return logged;
}
