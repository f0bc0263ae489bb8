import { z } from 'zod';
import { defineMethod, type Method } from '../../methods/method.ts';
import { IssueKey } from '../../issue-key.ts';
import { WorkbenchError } from '../../workbench-error.ts';
import { abort, approve, inOrder, reject, skip } from './issue-changes.ts';
import type { SprintDaemon } from './sprint-daemon.ts';
import { ISSUE_STATUSES, type SprintIssue } from './sprint-state.ts';

const ENDED = ['completed', 'blocked', 'rejected', 'waiting'];

const Key = IssueKey.describe('The issue, as in AAP-12345');
const Reason = z.string().trim().min(1).max(500);

/** What clients may ask of the sprint daemon. */
export function sprintMethods(daemon: SprintDaemon): readonly Method[] {
  const show = async (of: string): Promise<object> => {
    const { issues } = (await daemon.handle()).current;
    const issue = Object.hasOwn(issues, of) ? issues[of] : undefined;
    if (!issue) throw new WorkbenchError('NOT_FOUND', `There is no issue ${of} in the sprint: list the issues, or refresh them.`);
    return summaryOf(of, issue);
  };
  return [
    defineMethod({
      name: 'list_issues',
      title: 'List issues',
      description: 'Lists the issues of the sprint in its order, all or those of one status, with what they wait for.',
      input: { status: z.enum(ISSUE_STATUSES).optional() },
      hints: { readOnly: true },
      run: async ({ status }) => {
        const sprint = (await daemon.handle()).current;
        const issues = inOrder(sprint).filter(([, issue]) => status === undefined || issue.status === status);
        const { enabled, current_issue } = sprint;
        return { enabled, current_issue, issues: issues.map(([of, issue]) => summaryOf(of, issue)) };
      },
    }),
    defineMethod({
      name: 'approve_issue',
      title: 'Approve an issue',
      description: 'Says that an issue may be worked on. It is begun by itself when its turn comes, if the sprint daemon is enabled.',
      input: { key: Key },
      hints: { readOnly: false, idempotent: true },
      run: async (input) => {
        await daemon.change(`approve ${input.key}`, (sprint, tx) => approve(sprint, input.key, tx));
        return await show(input.key);
      },
    }),
    defineMethod({
      name: 'reject_issue',
      title: 'Reject an issue',
      description: 'Says that an issue is not to be worked on.',
      input: { key: Key, reason: Reason.optional() },
      hints: { readOnly: false, idempotent: true },
      run: async (input) => {
        await daemon.change(`reject ${input.key}`, (sprint, tx) => reject(sprint, input.key, input.reason ?? '', tx));
        return await show(input.key);
      },
    }),
    defineMethod({
      name: 'abort_issue',
      title: 'Abort an issue',
      description: 'Ends the work on the issue that is in progress; it is blocked then. What was done so far stays done.',
      input: { key: Key, reason: Reason.optional() },
      hints: { readOnly: false, destructive: true },
      run: async (input) => {
        await daemon.change(`abort ${input.key}`, (sprint, tx) => abort(sprint, input.key, input.reason ?? 'It was aborted.', tx));
        return await show(input.key);
      },
    }),
    defineMethod({
      name: 'skip_issue',
      title: 'Skip an issue',
      description: 'Passes an issue over, with a reason, until somebody approves or starts it.',
      input: { key: Key, reason: Reason },
      hints: { readOnly: false },
      run: async (input) => {
        await daemon.change(`skip ${input.key}`, (sprint, tx) => skip(sprint, input.key, input.reason, tx));
        return await show(input.key);
      },
    }),
    defineMethod({
      name: 'start_issue',
      title: 'Start an issue',
      description: 'Begins the work on an approved issue now, whatever the hour. Refused while another one is in progress.',
      input: { key: Key },
      hints: { readOnly: false, openWorld: true },
      run: async (input) => {
        await daemon.begin(input.key);
        return await show(input.key);
      },
    }),
    defineMethod({
      name: 'process_next',
      title: 'Process the next issue',
      description: 'Begins the work on the first approved issue now, whatever the hour; says so when there is none.',
      input: {},
      hints: { readOnly: false, openWorld: true },
      run: async () => ({ started: (await daemon.beginNext()) ?? null }),
    }),
    ...[true, false].map((enabled) =>
      defineMethod({
        name: enabled ? 'enable' : 'disable',
        title: enabled ? 'Work automatically' : 'Stop working automatically',
        description: enabled
          ? 'Has approved issues worked on by themselves on weekdays from 09:00 to 17:00.'
          : 'Begins no issue by itself any more. The one in progress goes on.',
        input: {},
        hints: { readOnly: false, idempotent: true },
        run: async () => {
          await daemon.setEnabled(enabled);
          return { enabled };
        },
      }),
    ),
    defineMethod({
      name: 'get_trace',
      title: 'Trace of an issue',
      description: 'Shows what happened to an issue, oldest first: its newest 50 entries.',
      input: { key: Key },
      hints: { readOnly: true },
      run: async (input) => ({
        ...(await show(input.key)),
        trace: (await daemon.handle()).current.issues[input.key]?.execution_trace ?? [],
      }),
    }),
    defineMethod({
      name: 'get_history',
      title: 'History of the sprint',
      description: 'Lists the issues that ended (completed, blocked, rejected, waiting), the latest first.',
      input: { limit: z.int().min(1).max(100).default(20) },
      hints: { readOnly: true },
      run: async ({ limit }) => {
        const { issues, stats } = (await daemon.handle()).current;
        const ended = Object.entries(issues).filter(([, { status }]) => ENDED.includes(status));
        const latest = ended.map(([of, issue]) => summaryOf(of, issue)).toSorted((a, b) => Date.parse(b.last_at) - Date.parse(a.last_at));
        return { stats, issues: latest.slice(0, limit) };
      },
    }),
    defineMethod({
      name: 'refresh',
      title: 'Refresh the issues',
      description: 'Reads the issues from Jira or the file now, which otherwise happens every 15 minutes.',
      input: {},
      hints: { readOnly: false, idempotent: true, openWorld: true },
      run: async () => {
        await daemon.refresh();
        return { issues: Object.keys((await daemon.handle()).current.issues).length };
      },
    }),
  ];
}

interface IssueSummary {
  readonly key: string;
  readonly status: string;
  readonly approved: boolean;
  readonly summary: string;
  readonly started_at: string | null;
  readonly reason: string | null;
  /** When something last happened to it; the beginning of time when nothing is known. */
  readonly last_at: string;
}

function summaryOf(key: string, { status, approved, summary, started_at, reason, execution_trace }: SprintIssue): IssueSummary {
  const last = execution_trace.at(-1)?.timestamp;
  return { key, status, approved, summary, started_at, reason, last_at: last ? last : new Date(0).toISOString() };
}
