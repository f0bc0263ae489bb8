import type { OverviewView, SourceName } from '../../client/views.ts';

type Values = { readonly [Name in SourceName]: NonNullable<OverviewView[Name]['value']> };

const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
const ahead = (minutes: number): string => ago(-minutes);
const ID = '3f0e2c1a-7a2b-4c55-9d0e-2b1f4a6c8d9e';

/** A working day with something of everything. */
export function busyDay(): Values {
  return {
    services: [
      { name: 'scheduler', isEnabled: true, isSwitched: false },
      { name: 'sprint_bot', isEnabled: false, isSwitched: true },
      { name: 'google_calendar', isEnabled: true, isSwitched: false },
      { name: 'gmail', isEnabled: false, isSwitched: false },
    ],
    jobs: {
      timeZone: 'America/New_York',
      jobs: [
        {
          name: 'morning_coffee',
          skill: 'coffee',
          cron: '30 8 * * 1-5',
          isEnabled: true,
          nextRun: ahead(75),
          lastRun: ago(1_365),
          lastStatus: 'success',
        },
        {
          name: 'evening_beer',
          skill: 'beer',
          cron: '0 17 * * 1-5',
          isEnabled: true,
          nextRun: ahead(480),
          lastRun: ago(900),
          lastStatus: 'failed',
        },
        { name: 'sweep', skill: 'memory_cleanup', cron: '0 3 * * 0', isEnabled: false, nextRun: null, lastRun: null, lastStatus: null },
      ],
      runs: [
        {
          job: 'evening_beer',
          startedAt: ago(900),
          status: 'failed',
          durationMs: 61_000,
          error: 'The VPN is down.',
          output: 'Reading merge requests…',
        },
        {
          job: 'morning_coffee',
          startedAt: ago(1_365),
          status: 'success',
          durationMs: 192_000,
          error: null,
          output: '3 reviews wait for you.',
        },
      ],
    },
    sessions: {
      activeWorkspace: 'file:///home/anna/src/billing',
      workspaces: [
        {
          uri: 'file:///home/anna/src/billing',
          project: 'billing',
          sessions: [
            {
              id: ID,
              name: 'Invoices are sent twice',
              persona: 'developer',
              project: 'billing',
              issueKeys: ['AAP-60420'],
              branch: 'aap-60420-invoices',
              toolCallCount: 42,
              lastTool: 'jira_view_issue',
              activity: [
                { at: ago(2), tool: 'jira_view_issue' },
                { at: ago(6), tool: 'git_status' },
              ],
              isActive: true,
              isStale: false,
              isCursorChat: true,
              updatedAt: ago(2),
            },
            {
              id: 'b7d1',
              name: 'Flaky test of the ledger',
              persona: null,
              project: 'billing',
              issueKeys: [],
              branch: null,
              toolCallCount: 3,
              lastTool: null,
              activity: [],
              isActive: false,
              isStale: true,
              isCursorChat: false,
              updatedAt: ago(2_000),
            },
          ],
        },
      ],
    },
    sprint: {
      isEnabled: true,
      currentIssue: 'AAP-60411',
      stats: { total: 12, successful: 10, failed: 2 },
      issues: [
        {
          key: 'AAP-60411',
          summary: 'Retry the export when the bucket is slow',
          status: 'in_progress',
          reason: null,
          trace: [{ at: ago(20), action: 'started', description: 'Work began by itself.' }],
        },
        { key: 'AAP-60420', summary: 'Invoices are sent twice after a failover of the queue', status: 'pending', reason: null, trace: [] },
        { key: 'AAP-60421', summary: 'Show the currency in the monthly report', status: 'pending', reason: null, trace: [] },
        { key: 'AAP-60399', summary: 'Drop the old report endpoint', status: 'approved', reason: null, trace: [] },
        {
          key: 'AAP-60377',
          summary: 'Upgrade the PDF renderer',
          status: 'blocked',
          reason: 'The new licence is not signed.',
          trace: [{ at: ago(300), action: 'blocked', description: 'The new licence is not signed.' }],
        },
      ],
    },
    messages: [
      {
        id: 'm1',
        channel: '#billing-alerts',
        text: 'The nightly export ran at 03:10 after a retry; the file is there now.',
        isAnswer: true,
        status: 'pending',
        reason: 'Priya asked where the file of yesterday is.',
        error: null,
        at: ago(4),
      },
      {
        id: 'm2',
        channel: '#help',
        text: 'The ledger service is looked after by the billing team.',
        isAnswer: false,
        status: 'sent',
        reason: null,
        error: null,
        at: ago(55),
      },
    ],
    meetings: {
      lastPoll: ago(3),
      meetings: [
        { id: 'e1', title: 'Billing stand-up', start: ahead(12), end: ahead(27), calendar: 'Work', mode: 'notes', override: null },
        {
          id: 'e2',
          title: 'Architecture round',
          start: ahead(95),
          end: ahead(155),
          calendar: 'Work',
          mode: 'interactive',
          override: 'skip',
        },
      ],
    },
    health: [
      { name: 'cron', status: 'healthy', message: 'Next job in 1 h.', checks: { schedule: true }, uptimeSeconds: 86_000 },
      {
        name: 'sprint',
        status: 'degraded',
        message: 'Jira answered 503; it is asked again in 2 minutes.',
        checks: { issues: false },
        uptimeSeconds: 4_000,
      },
      { name: 'meet', status: 'healthy', message: '', checks: {}, uptimeSeconds: 86_000 },
      { name: 'slack', status: 'unhealthy', message: 'The token was refused.', checks: { connection: false }, uptimeSeconds: 120 },
      { name: 'session', status: 'healthy', message: '', checks: {}, uptimeSeconds: 86_000 },
      { name: 'memory', status: 'stopped', message: '', checks: {}, uptimeSeconds: null },
    ],
    files: [
      {
        kind: 'damaged',
        path: 'memory/state/current_work.yaml',
        message: 'A mapping is not indented as the one above it.',
        line: 14,
        keptAs: null,
        at: ago(8),
      },
      {
        kind: 'conflict',
        path: 'state.json',
        message: 'The program changed the same switch.',
        line: null,
        keptAs: 'state.conflict-1.json',
        at: ago(40),
      },
    ],
  };
}
