import { actions, type Call } from '../client/actions.ts';
import { isSkipped } from '../client/next-meeting.ts';
import { signOf, type StatusSign } from '../client/status-signs.ts';
import { agoWords, countdownWords, durationWords } from '../client/time-words.ts';
import {
  MEETING_MODES,
  type HealthView,
  type IssueView,
  type JobView,
  type MeetingView,
  type MessageView,
  type OverviewView,
  type RunView,
  type SessionView,
  type SourceName,
} from '../client/views.ts';

/** What a key does to a row. */
export interface RowAction {
  readonly key: string;
  readonly word: string;
  /** With the reason, where one is asked for. */
  readonly call: (reason: string) => Call;
  readonly done: string;
  readonly asks?: 'may' | 'must';
}

/** A line of the dashboard. Its texts come from outside, as they are. */
export interface Row {
  readonly id: string;
  readonly sign: StatusSign;
  readonly text: string;
  /** At the end of the line, where there is room. */
  readonly note: string;
  /** What is shown when it is open. */
  readonly detail: readonly string[];
  readonly actions: readonly RowAction[];
}

export const DASHBOARD_AREAS = [
  { id: 'sprint', title: 'Sprint', sources: ['sprint'], empty: 'No issues: name their source in config.json and run the daemon `sprint`.' },
  { id: 'messages', title: 'Messages', sources: ['messages'], empty: 'No message waits for you.' },
  {
    id: 'meetings',
    title: 'Meetings',
    sources: ['meetings'],
    empty: 'No meeting comes up: name calendars in config.json and run the daemon `meet`.',
  },
  { id: 'sessions', title: 'Sessions', sources: ['sessions'], empty: 'No session yet; `y` reads the chats of Cursor.' },
  { id: 'jobs', title: 'Jobs', sources: ['jobs'], empty: 'No jobs: list them under schedules.jobs in config.json.' },
  { id: 'services', title: 'Services', sources: ['services', 'health'], empty: 'No service is configured.' },
  { id: 'memory', title: 'Memory', sources: [], empty: 'Press / to search memory.' },
  { id: 'files', title: 'Files', sources: ['files'], empty: 'All files can be read.' },
] as const satisfies readonly { id: string; title: string; sources: readonly SourceName[]; empty: string }[];

export type DashboardArea = (typeof DASHBOARD_AREAS)[number];
export type DashboardAreaId = DashboardArea['id'];

/** The rows of an area. Those of memory come from elsewhere: they are asked for. */
export function rowsOf(area: DashboardAreaId, overview: OverviewView, now: number): readonly Row[] {
  switch (area) {
    case 'sprint':
      return overview.sprint.value?.issues.map((issue) => issueRow(issue, now)) ?? [];
    case 'messages':
      return overview.messages.value?.map((message) => messageRow(message, now)) ?? [];
    case 'meetings':
      return overview.meetings.value?.meetings.map((meeting) => meetingRow(meeting, now)) ?? [];
    case 'sessions':
      return (
        overview.sessions.value?.workspaces.flatMap(({ sessions, uri, project }) =>
          sessions.map((each) => sessionRow(each, project ?? uri, now)),
        ) ?? []
      );
    case 'jobs':
      return [
        ...(overview.jobs.value?.jobs.map((job) => jobRow(job, now)) ?? []),
        ...(overview.jobs.value?.runs.map((run) => runRow(run, now)) ?? []),
      ];
    case 'services':
      return [...(overview.health.value?.map(healthRow) ?? []), ...(overview.services.value?.map(serviceRow) ?? [])];
    case 'memory':
      return [];
    case 'files':
      return (
        overview.files.value?.map(({ kind, path, message, line, keptAs, at }) => ({
          id: `${path} ${kind} ${at}`,
          sign: signOf(kind),
          text: line === null ? path : `${path}:${line}`,
          note: agoWords(at, now),
          detail: [message, ...(keptAs === null ? [] : [`Kept in ${keptAs}.`])],
          actions: [],
        })) ?? []
      );
  }
}

function issueRow({ key, summary, status, reason, trace }: IssueView, now: number): Row {
  const mayDecide = status !== 'in_progress' && status !== 'completed';
  const approve: RowAction = { key: 'a', word: 'approve', call: () => actions.approveIssue(key), done: `${key} is approved.` };
  const others: readonly RowAction[] = [
    { key: 'x', word: 'reject', call: (why) => actions.rejectIssue(key, why), done: `${key} is rejected.`, asks: 'may' },
    { key: 's', word: 'skip', call: (why) => actions.skipIssue(key, why), done: `${key} is skipped.`, asks: 'must' },
  ];
  return {
    id: key,
    sign: signOf(status),
    text: `${key}  ${summary}`,
    note: '',
    detail: [
      ...(reason === null ? [] : [`Why: ${reason}`]),
      ...trace.map(({ at, action, description }) => `${agoWords(at, now)}  ${action}  ${description}`),
    ],
    actions: mayDecide ? [...(status === 'approved' ? [] : [approve]), ...others] : [],
  };
}

function messageRow({ id, channel, text, status, reason, error, at }: MessageView, now: number): Row {
  const decide: readonly RowAction[] = [
    { key: 'a', word: 'approve', call: () => actions.approveMessage(id), done: 'The message is approved and will be sent.' },
    { key: 'x', word: 'reject', call: () => actions.rejectMessage(id), done: 'The message is rejected.' },
    { key: 's', word: 'skip', call: () => actions.skipMessage(id), done: 'The message is skipped.' },
  ];
  return {
    id,
    sign: signOf(status),
    text: `${channel}  ${text}`,
    note: agoWords(at, now),
    detail: [text, ...(reason === null ? [] : [`Why: ${reason}`]), ...(error === null ? [] : [`What went wrong: ${error}`])],
    actions: status === 'pending' ? decide : [],
  };
}

const MODE_WORDS = { notes: 'takes notes', interactive: 'takes part', skip: 'stays away' } as const;

function meetingRow(meeting: MeetingView, now: number): Row {
  const { id, title, start, calendar, mode, override } = meeting;
  const isOn = !isSkipped(meeting);
  const isComing = Date.parse(start) > now;
  const nextMode = MEETING_MODES[(MEETING_MODES.indexOf(mode ?? 'skip') + 1) % MEETING_MODES.length] ?? 'notes';
  return {
    id,
    sign: isOn ? { shape: '●', tone: 'good', word: isComing ? countdownWords(start, now) : 'going on' } : signOf('skipped'),
    text: title,
    note: [calendar, mode === null ? '' : MODE_WORDS[mode], override === null ? '' : `this time: ${override}`].filter(Boolean).join(' · '),
    detail: [new Date(start).toLocaleString()],
    actions: [
      {
        key: 'm',
        word: MODE_WORDS[nextMode],
        call: () => actions.setMeetingMode(id, nextMode),
        done: `${title}: ${MODE_WORDS[nextMode]}.`,
      },
      {
        key: ' ',
        word: isOn ? 'skip it' : 'join it',
        call: () => actions.overrideMeeting(id, isOn ? 'skip' : 'join'),
        done: `${title} is ${isOn ? 'skipped' : 'joined'}.`,
      },
      { key: 'c', word: 'by its mode', call: () => actions.overrideMeeting(id, null), done: `${title} goes by its mode.` },
    ],
  };
}

function sessionRow(session: SessionView, project: string, now: number): Row {
  const { id, name, persona, issueKeys, branch, toolCallCount, activity, isActive, isStale, updatedAt } = session;
  const title = name ?? `Session ${id.slice(0, 8)}`;
  return {
    id,
    sign: isActive ? { shape: '●', tone: 'good', word: 'active' } : { shape: '○', tone: 'idle', word: isStale ? 'idle for long' : 'open' },
    text: title,
    note: [persona, issueKeys[0], agoWords(updatedAt, now)].filter(Boolean).join(' · '),
    detail: [
      [project, branch, `${toolCallCount} calls of tools`].filter(Boolean).join(' · '),
      ...activity.map(({ at, tool }) => `${agoWords(at, now)}  ${tool}`),
    ],
    actions: isActive
      ? []
      : [{ key: ' ', word: 'make active', call: () => actions.switchSession(id), done: `${title} is the active session.` }],
  };
}

function switchSign(isOn: boolean): StatusSign {
  return isOn ? { shape: '●', tone: 'good', word: 'on' } : { shape: '○', tone: 'idle', word: 'off' };
}

function jobRow({ name, skill, cron, isEnabled, nextRun, lastRun, lastStatus }: JobView, now: number): Row {
  const last = lastStatus === null ? '' : `${signOf(lastStatus).word} ${agoWords(lastRun, now)}`;
  return {
    id: `job ${name}`,
    sign: switchSign(isEnabled),
    text: name,
    note: [isEnabled ? agoWords(nextRun, now) : '', last].filter(Boolean).join(' · '),
    detail: [`${cron}  ${skill}`],
    actions: [
      {
        key: ' ',
        word: isEnabled ? 'switch off' : 'switch on',
        call: () => actions.switchJob(name, !isEnabled),
        done: `Job ${name} is ${isEnabled ? 'off' : 'on'}.`,
      },
    ],
  };
}

function runRow({ job, startedAt, status, durationMs, error, output }: RunView, now: number): Row {
  return {
    id: `run ${job} ${startedAt ?? ''}`,
    sign: signOf(status),
    text: `run of ${job}`,
    note: [agoWords(startedAt, now), durationMs === null ? '' : `took ${durationWords(durationMs)}`].filter(Boolean).join(' · '),
    detail: [error ?? '', output ?? ''].filter(Boolean),
    actions: [],
  };
}

function healthRow({ name, status, message, checks, uptimeSeconds }: HealthView): Row {
  const failed = Object.keys(checks).filter((check) => checks[check] === false);
  return {
    id: `daemon ${name}`,
    sign: signOf(status),
    text: message === '' ? `daemon ${name}` : `daemon ${name}  ${message}`,
    note: uptimeSeconds === null ? '' : `for ${durationWords(uptimeSeconds * 1_000)}`,
    detail: [
      ...(failed.length === 0 ? [] : [`Does not hold: ${failed.join(', ')}`]),
      ...(status === 'stopped' ? [`Start it with holdfast-workbench start ${name}.`] : []),
    ],
    actions: [],
  };
}

function serviceRow({ name, isEnabled, isSwitched }: { name: string; isEnabled: boolean; isSwitched: boolean }): Row {
  return {
    id: `service ${name}`,
    sign: switchSign(isEnabled),
    text: name,
    note: isSwitched ? 'by a switch' : 'by the configuration',
    detail: [],
    actions: [
      {
        key: ' ',
        word: isEnabled ? 'switch off' : 'switch on',
        call: () => actions.switchService(name, !isEnabled),
        done: `Service ${name} is ${isEnabled ? 'off' : 'on'}.`,
      },
    ],
  };
}
