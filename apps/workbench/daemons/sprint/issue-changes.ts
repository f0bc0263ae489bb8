import type { Draft, Transaction } from 'holdfast';
import { WorkbenchError } from '../../workbench-error.ts';
import { isoTime } from '../../zoned-time.ts';
import type { SourceIssue } from './issue-source.ts';
import { MOST_ISSUES, TRACE_LENGTH } from './sprint-limits.ts';
import type { IssueStatus, Sprint, SprintDraft, SprintIssue } from './sprint-state.ts';
import type { WorkReport } from './sprint-worker.ts';

/** An action of a person or of the daemon, as it stands in the trace. */
type Action = 'found' | 'approved' | 'rejected' | 'started' | 'aborted' | 'skipped' | 'interrupted' | WorkReport['outcome'];

/** A person says that it may be worked on. Approving it twice changes nothing. */
export function approve(sprint: SprintDraft, key: string, tx: Transaction): void {
  const issue = issueIn(sprint, key, ['pending', 'approved', 'rejected', 'blocked', 'waiting']);
  if (issue.status === 'approved') return;
  Object.assign(issue, { status: 'approved', approved: true, reason: null });
  note(sprint, issue, 'approved', '', tx);
}

export function reject(sprint: SprintDraft, key: string, reason: string, tx: Transaction): void {
  const issue = issueIn(sprint, key, ['pending', 'approved', 'rejected', 'blocked', 'waiting']);
  if (issue.status === 'rejected') return;
  Object.assign(issue, { status: 'rejected', approved: false, reason: reason || null });
  note(sprint, issue, 'rejected', reason, tx);
}

/** Passes an issue over until somebody approves or starts it. */
export function skip(sprint: SprintDraft, key: string, reason: string, tx: Transaction): void {
  const issue = issueIn(sprint, key, ['pending', 'approved', 'waiting']);
  Object.assign(issue, { status: 'blocked', reason });
  note(sprint, issue, 'skipped', reason, tx);
}

/** Says that the work on an issue begins, as that run. */
export function begin(sprint: SprintDraft, key: string, run: string, tx: Transaction): SprintIssue {
  if (sprint.current_issue !== null)
    throw new WorkbenchError(
      'REFUSED',
      `${sprint.current_issue} is being worked on, and one issue is at a time: wait for it, or abort it.`,
    );
  const issue = issueIn(sprint, key, ['pending', 'approved', 'blocked', 'waiting']);
  if (!issue.approved) throw new WorkbenchError('REFUSED', `${key} is not approved: approve it first.`);
  Object.assign(issue, { status: 'in_progress', started_at: isoTime(tx.now), reason: null, run });
  sprint.current_issue = key;
  note(sprint, issue, 'started', '', tx);
  return issue;
}

/** What became of a run. A run that is not the issue's any more, because it was aborted meanwhile, changes nothing. */
export function finish(sprint: SprintDraft, key: string, run: string, report: WorkReport, tx: Transaction): void {
  const issue = own(sprint, key);
  if (issue?.status === 'in_progress' && issue.run === run) end(sprint, key, report.outcome, report.outcome, report.summary, tx);
}

export function abort(sprint: SprintDraft, key: string, reason: string, tx: Transaction): void {
  issueIn(sprint, key, ['in_progress']);
  end(sprint, key, 'blocked', 'aborted', reason, tx);
}

/** An issue that nobody works on any more: its process crashed. */
export function interrupt(sprint: SprintDraft, key: string, reason: string, tx: Transaction): void {
  if (own(sprint, key)?.status === 'in_progress') end(sprint, key, 'blocked', 'interrupted', reason, tx);
}

/** Takes over what the source has: new issues are pending, pending ones that it does not have any more go. Gives how many found no room. */
export function takeOver(sprint: SprintDraft, found: readonly SourceIssue[], tx: Transaction): number {
  const keys = new Set(found.map(({ key }) => key));
  for (const [key, issue] of Object.entries(sprint.issues)) if (issue.status === 'pending' && !keys.has(key)) delete sprint.issues[key];
  let room = MOST_ISSUES - Object.keys(sprint.issues).length;
  let left = 0;
  for (const [rank, { key, summary, status, ...about }] of found.entries()) {
    const fields = { summary, rank, ...about, ...(status !== undefined && { jira_status: status }) };
    const known = own(sprint, key);
    if (known) Object.assign(known, changed(known, fields));
    else if (room > 0) {
      room -= 1;
      const issue = {
        status: 'pending',
        approved: false,
        started_at: null,
        reason: null,
        run: null,
        execution_trace: [],
        ...fields,
      } as const;
      sprint.issues[key] = { ...issue, execution_trace: [] };
      note(sprint, own(sprint, key) as Draft<SprintIssue>, 'found', '', tx);
    } else left += 1;
  }
  return left;
}

/** The approved issue that is to be worked on next. */
export function nextIssue(sprint: Sprint): string | undefined {
  const [first] = inOrder(sprint).filter(([, { status }]) => status === 'approved');
  return first?.[0];
}

/** In the order of the sprint, and of their keys where it says nothing. */
export function inOrder({ issues }: Sprint): readonly (readonly [string, SprintIssue])[] {
  const compare = new Intl.Collator('en', { numeric: true });
  return Object.entries(issues).toSorted(
    ([a, { rank: x }], [b, { rank: y }]) => (x ?? Infinity) - (y ?? Infinity) || compare.compare(a, b),
  );
}

function end(sprint: SprintDraft, key: string, status: IssueStatus, action: Action, reason: string, tx: Transaction): void {
  const issue = sprint.issues[key] as Draft<SprintIssue>;
  Object.assign(issue, { status, reason: status === 'completed' ? null : reason, run: null });
  sprint.current_issue = null;
  if (status !== 'waiting') {
    sprint.stats.total_processed += 1;
    sprint.stats[status === 'completed' ? 'successful' : 'failed'] += 1;
  }
  note(sprint, issue, action, reason, tx);
}

function note(sprint: SprintDraft, issue: Draft<SprintIssue>, action: Action, description: string, tx: Transaction): void {
  const timestamp = isoTime(tx.now);
  issue.execution_trace.push({ timestamp, action, description });
  issue.execution_trace.splice(0, issue.execution_trace.length - TRACE_LENGTH);
  sprint.updated_at = timestamp;
}

/** @throws {WorkbenchError} NOT_FOUND; REFUSED when it has another status than those. */
function issueIn(sprint: SprintDraft, key: string, statuses: readonly IssueStatus[]): Draft<SprintIssue> {
  const issue = own(sprint, key);
  if (!issue) throw new WorkbenchError('NOT_FOUND', `There is no issue ${key} in the sprint: list the issues, or refresh them.`);
  if (!statuses.includes(issue.status))
    throw new WorkbenchError('REFUSED', `${key} is ${issue.status}; this takes an issue that is ${statuses.join(', ')}.`);
  return issue;
}

function own(sprint: SprintDraft, key: string): Draft<SprintIssue> | undefined {
  return Object.hasOwn(sprint.issues, key) ? sprint.issues[key] : undefined;
}

/** Only what differs, so that a source that says the same makes no commit. */
function changed(issue: Draft<SprintIssue>, fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => issue[name] !== value));
}
