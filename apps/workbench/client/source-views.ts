import type { Cron } from '../daemons/cron/cron-state.ts';
import type { Meet } from '../daemons/meet/meet-state.ts';
import type { Pending } from '../daemons/slack/pending-state.ts';
import type { Sprint } from '../daemons/sprint/sprint-state.ts';
import { inOrder } from '../daemons/sprint/issue-changes.ts';
import { CONFIGURED_SERVICES, type Toggles } from '../toggles/toggles.ts';
import type { WorkspaceRegistry } from '../workspaces/workspace-registry.ts';
import type { JobsView, MeetingsView, MessageView, ServiceView, SessionsView, SprintView } from './views.ts';

/** Those that the configuration may switch on, and whatever else somebody has switched. */
export function servicesView(toggles: Toggles): readonly ServiceView[] {
  const switched = Object.keys(toggles.getState().services);
  return [...new Set([...CONFIGURED_SERVICES, ...switched])].map((name) => ({
    name,
    isEnabled: toggles.isServiceEnabled(name),
    isSwitched: switched.includes(name),
  }));
}

interface ConfiguredJob {
  readonly name: string;
  readonly skill: string;
  readonly cron: string;
  readonly enabled: boolean;
}

/** Jobs of the configuration too, which the scheduler knows only once it runs. */
export function jobsView({ timezone, jobs, history }: Cron, configured: readonly ConfiguredJob[], toggles: Toggles): JobsView {
  const known = new Set(jobs.map(({ name }) => name));
  const unknown = configured
    .filter(({ name }) => !known.has(name))
    .map((job) => ({ ...job, next_run: null, last_run: null, last_status: null }));
  return {
    timeZone: timezone,
    jobs: [...jobs, ...unknown].map(({ name, skill, cron, enabled, next_run, last_run, last_status }) => ({
      name,
      skill,
      cron,
      isEnabled: enabled && toggles.isJobEnabled(name),
      nextRun: next_run,
      lastRun: last_run,
      lastStatus: last_status,
    })),
    runs: history.map(({ job, started_at, status, duration_ms, error, output_preview }) => ({
      job,
      startedAt: started_at,
      status,
      durationMs: duration_ms,
      error,
      output: output_preview,
    })),
  };
}

export function sessionsView(workspaces: WorkspaceRegistry): SessionsView {
  return {
    activeWorkspace: workspaces.getActiveWorkspace()?.uri ?? null,
    workspaces: workspaces.listWorkspaces().map(({ uri, project, sessions }) => ({
      uri,
      project,
      sessions: sessions.map((session) => ({
        id: session.sessionId,
        name: session.name,
        persona: session.persona,
        project: session.project,
        issueKeys: session.issueKeys,
        branch: session.branch,
        toolCallCount: session.toolCallCount,
        lastTool: session.lastTool,
        activity: session.activity.map(({ at, tool }) => ({ at, tool })).toReversed(),
        isActive: session.isActive,
        isStale: workspaces.isStale(session),
        isCursorChat: session.isCursorChat,
        updatedAt: session.updatedAt,
      })),
    })),
  };
}

export function sprintView(sprint: Sprint): SprintView {
  const { enabled, current_issue, stats } = sprint;
  return {
    isEnabled: enabled,
    currentIssue: current_issue,
    stats: { total: stats.total_processed, successful: stats.successful, failed: stats.failed },
    issues: inOrder(sprint).map(([key, { summary, status, reason, execution_trace }]) => ({
      key,
      summary,
      status,
      reason,
      trace: execution_trace.map(({ timestamp: at, action, description }) => ({ at, action, description })).toReversed(),
    })),
  };
}

/** Those that wait first, then the newest. */
export function messagesView({ messages }: Pending): readonly MessageView[] {
  const all = Object.entries(messages).map(([id, { channel, text, thread_ts, status, reason, error, created_at: at }]): MessageView => ({
    id,
    channel,
    text,
    isAnswer: thread_ts !== null,
    status,
    reason,
    error,
    at,
  }));
  return all.toSorted((a, b) => Number(b.status === 'pending') - Number(a.status === 'pending') || Date.parse(b.at) - Date.parse(a.at));
}

export function meetingsView({ currentMeetings, upcomingMeetings, lastPoll, modes }: Meet, toggles: Toggles): MeetingsView {
  return {
    lastPoll,
    meetings: [...currentMeetings, ...upcomingMeetings].map(({ event_id: id, series, title, start, end, calendar, mode }) => ({
      id,
      title,
      start,
      end,
      calendar,
      // The stored mode has the decision in it already.
      mode: own(modes, id) ?? own(modes, series) ?? mode,
      override: (toggles.getMeetingOverride(id) ?? toggles.getMeetingOverride(series))?.status ?? null,
    })),
  };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
