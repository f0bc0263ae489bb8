/**
 * What the Workbench shows of itself: to the dashboard, the page and the editor alike. It runs anywhere, also in a page; all of it is JSON. Times are ISO 8601 with
 * zone. Names, summaries and messages come from outside: they are text and nothing else.
 */

/** What is shown, each part from a source of its own, which may fail while the others work. */
export interface OverviewView {
  readonly services: SourceView<readonly ServiceView[]>;
  readonly jobs: SourceView<JobsView>;
  readonly sessions: SourceView<SessionsView>;
  readonly sprint: SourceView<SprintView>;
  readonly messages: SourceView<readonly MessageView[]>;
  readonly meetings: SourceView<MeetingsView>;
  readonly health: SourceView<readonly HealthView[]>;
  readonly files: SourceView<readonly FileNote[]>;
}

export type SourceName = keyof OverviewView;

/** A part as it was when it was last read. One that fails keeps what was read before, which may be out of date since `readAt`. */
export interface SourceView<T> {
  readonly status: 'loading' | 'ok' | 'failed';
  /** Null before the first reading that succeeded. */
  readonly value: T | null;
  readonly readAt: string | null;
  /** Why it failed, as a sentence for a person. */
  readonly reason: string | null;
}

export interface ServiceView {
  readonly name: string;
  readonly isEnabled: boolean;
  /** Somebody switched it; otherwise the configuration decides. */
  readonly isSwitched: boolean;
}

export interface JobsView {
  readonly timeZone: string | null;
  readonly jobs: readonly JobView[];
  /** Latest first. */
  readonly runs: readonly RunView[];
}

export interface JobView {
  readonly name: string;
  readonly skill: string;
  readonly cron: string;
  readonly isEnabled: boolean;
  readonly nextRun: string | null;
  readonly lastRun: string | null;
  readonly lastStatus: string | null;
}

export interface RunView {
  readonly job: string;
  readonly startedAt: string | null;
  readonly status: string;
  readonly durationMs: number | null;
  readonly error: string | null;
  readonly output: string | null;
}

export interface SessionsView {
  /** Most recent first. */
  readonly workspaces: readonly WorkspaceView[];
  readonly activeWorkspace: string | null;
}

export interface WorkspaceView {
  readonly uri: string;
  readonly project: string | null;
  /** Most recent first. */
  readonly sessions: readonly SessionView[];
}

export interface SessionView {
  readonly id: string;
  readonly name: string | null;
  readonly persona: string | null;
  readonly project: string | null;
  readonly issueKeys: readonly string[];
  readonly branch: string | null;
  readonly toolCallCount: number;
  readonly lastTool: string | null;
  /** The newest calls of tools, newest first. */
  readonly activity: readonly { readonly at: string; readonly tool: string }[];
  /** The active one of its workspace. */
  readonly isActive: boolean;
  /** Not used for over 24 h. */
  readonly isStale: boolean;
  readonly isCursorChat: boolean;
  readonly updatedAt: string;
}

export interface SprintView {
  /** Whether approved issues are worked on by themselves. */
  readonly isEnabled: boolean;
  readonly currentIssue: string | null;
  /** In the order of the sprint. */
  readonly issues: readonly IssueView[];
  readonly stats: { readonly total: number; readonly successful: number; readonly failed: number };
}

export interface IssueView {
  readonly key: string;
  readonly summary: string;
  readonly status: 'pending' | 'approved' | 'rejected' | 'in_progress' | 'completed' | 'blocked' | 'waiting';
  readonly reason: string | null;
  /** Latest first. */
  readonly trace: readonly { readonly at: string; readonly action: string; readonly description: string }[];
}

/** A message to Slack that waits for a person's word, or was dealt with lately. */
export interface MessageView {
  readonly id: string;
  readonly channel: string;
  readonly text: string;
  /** It answers in a thread. */
  readonly isAnswer: boolean;
  readonly status: 'pending' | 'approved' | 'rejected' | 'sent' | 'skipped';
  /** Why it is to be sent, was rejected or skipped. */
  readonly reason: string | null;
  /** What went wrong when it was sent last. */
  readonly error: string | null;
  readonly at: string;
}

export interface MeetingsView {
  /** By start, those that are going on first. */
  readonly meetings: readonly MeetingView[];
  readonly lastPoll: string | null;
}

export const MEETING_MODES = ['notes', 'interactive', 'skip'] as const;
export type MeetingMode = (typeof MEETING_MODES)[number];

export interface MeetingView {
  readonly id: string;
  readonly title: string;
  readonly start: string;
  readonly end: string | null;
  readonly calendar: string;
  readonly mode: MeetingMode | null;
  /** What somebody decided, whatever the mode says. */
  readonly override: 'skip' | 'join' | null;
}

export interface HealthView {
  /** Of a daemon. */
  readonly name: string;
  readonly status: 'healthy' | 'degraded' | 'unhealthy' | 'stopped';
  readonly message: string;
  readonly checks: Readonly<Record<string, boolean>>;
  readonly uptimeSeconds: number | null;
}

/** What a person should know of a file. */
export interface FileNote {
  readonly kind: string;
  /** Below the home. */
  readonly path: string;
  readonly message: string;
  readonly line: number | null;
  readonly keptAs: string | null;
  readonly at: string;
}
