import type { MeetingMode } from './views.ts';

/** Whom a call is for: methods of this process, or those of a daemon. */
export const CALL_TARGETS = ['workbench', 'cron', 'sprint', 'meet', 'slack', 'session', 'memory'] as const;
export type CallTarget = (typeof CALL_TARGETS)[number];

/** A method and its input, which its table checks. */
export interface Call {
  readonly target: CallTarget;
  readonly method: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a person does in the dashboard, the page and the editor. */
export const actions = {
  switchService: (name: string, enabled: boolean) => to('workbench', 'toggles_set_service', { name, enabled }),
  switchJob: (name: string, enabled: boolean) => to('workbench', 'toggles_set_job', { name, enabled }),
  /** Null takes the decision back. */
  overrideMeeting: (id: string, status: 'skip' | 'join' | null) =>
    to('workbench', 'toggles_set_meeting', { id, ...(status !== null && { status }) }),
  setMeetingMode: (id: string, mode: MeetingMode) => to('meet', 'set_meeting_mode', { event_id: id, mode }),
  switchSession: (id: string) => to('workbench', 'session_switch', { session_id: id }),
  syncSessions: () => to('workbench', 'session_sync', {}),
  exportSession: (id: string) => to('workbench', 'session_export_context', { session_id: id, format: 'markdown' }),
  approveIssue: (key: string) => to('sprint', 'approve_issue', { key }),
  rejectIssue: (key: string, reason: string) => to('sprint', 'reject_issue', { key, ...(reason !== '' && { reason }) }),
  skipIssue: (key: string, reason: string) => to('sprint', 'skip_issue', { key, reason }),
  startIssue: (key: string) => to('sprint', 'start_issue', { key }),
  abortIssue: (key: string) => to('sprint', 'abort_issue', { key }),
  setSprintEnabled: (enabled: boolean) => to('sprint', enabled ? 'enable' : 'disable', {}),
  approveMessage: (id: string) => to('slack', 'approve_message', { id }),
  rejectMessage: (id: string) => to('slack', 'reject_message', { id }),
  skipMessage: (id: string) => to('slack', 'skip_message', { id }),
  searchMemory: (query: string) => to('workbench', 'memory_search', { query, limit: 50 }),
  listMemory: () => to('workbench', 'memory_list', {}),
  /** Gives up what is in a file below the home that cannot be taken. */
  acceptFile: (path: string) => acceptFile(path),
  readMemory: (key: string) => to('workbench', 'memory_read', { key }),
} as const satisfies Record<string, (...input: never[]) => Call>;

const MEMORY_FILE = /^memory\/(.+?)(?:\.yaml)?$/;

function acceptFile(path: string): Call {
  const key = MEMORY_FILE.exec(path)?.[1];
  return key === undefined ? to('workbench', 'files_accept', { path }) : to('workbench', 'memory_accept', { key });
}

function to(target: CallTarget, method: string, input: Readonly<Record<string, unknown>>): Call {
  return { target, method, input };
}
