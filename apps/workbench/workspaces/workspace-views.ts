import type { StoredSession, StoredWorkspace } from './workspaces-state.ts';

/** A conversation with an agent in a workspace, as it was when it was asked for. Times are ISO 8601 with zone. */
export interface ChatSession {
  readonly sessionId: string;
  readonly workspaceUri: string;
  readonly name: string | null;
  readonly persona: string | null;
  readonly project: string | null;
  readonly isProjectAutoDetected: boolean;
  /** The first of `issueKeys`. */
  readonly issueKey: string | null;
  readonly issueKeys: readonly string[];
  readonly branch: string | null;
  /** Tools that its persona brings, and those that were chosen for what was asked. */
  readonly staticToolCount: number;
  readonly dynamicToolCount: number;
  readonly toolCallCount: number;
  readonly lastTool: string | null;
  readonly lastToolAt: string | null;
  /** The newest calls of tools, newest last. */
  readonly activity: readonly { readonly at: string; readonly tool: string }[];
  readonly meetingReferences: readonly MeetingReference[];
  /** Cursor has this chat, and says what it is called and whether it is still there. */
  readonly isCursorChat: boolean;
  readonly isActive: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** A meeting that a session speaks of. */
export interface MeetingReference {
  readonly meeting_id: string | number;
  readonly [field: string]: unknown;
}

/** A folder that somebody works in. Persona, issue and branch are those of its active session. */
export interface Workspace {
  readonly uri: string;
  readonly project: string | null;
  readonly isAutoDetected: boolean;
  readonly persona: string | null;
  readonly activeIssue: string | null;
  readonly activeBranch: string | null;
  /** False: all tools are offered, whatever the persona. */
  readonly toolFilterEnabled: boolean;
  /** Most recent first. */
  readonly sessions: readonly ChatSession[];
  readonly activeSessionId: string | null;
  readonly createdAt: string;
  readonly lastActivity: string;
}

export function toWorkspace(uri: string, stored: StoredWorkspace): Workspace {
  const active = activeSession(stored);
  return {
    uri,
    project: stored.project,
    isAutoDetected: stored.is_auto_detected,
    persona: active ? active.persona : stored.persona,
    activeIssue: active ? (active.issue_keys[0] ?? null) : stored.active_issue,
    activeBranch: active ? active.branch : stored.active_branch,
    toolFilterEnabled: stored.tool_filter_enabled,
    sessions: Object.values(stored.sessions)
      .map((session) => toSession(uri, session, session === active))
      .toSorted((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt)),
    activeSessionId: active?.session_id ?? null,
    createdAt: stored.created_at,
    lastActivity: stored.last_activity,
  };
}

export function toSession(workspaceUri: string, stored: StoredSession, isActive: boolean): ChatSession {
  return {
    sessionId: stored.session_id,
    workspaceUri,
    name: stored.name,
    persona: stored.persona,
    project: stored.project,
    isProjectAutoDetected: stored.is_project_auto_detected,
    issueKey: stored.issue_keys[0] ?? null,
    issueKeys: stored.issue_keys,
    branch: stored.branch,
    staticToolCount: stored.static_tool_count,
    dynamicToolCount: stored.dynamic_tool_count,
    toolCallCount: stored.tool_call_count,
    lastTool: stored.last_tool,
    lastToolAt: stored.last_tool_at,
    activity: stored.activity,
    meetingReferences: stored.meeting_references,
    isCursorChat: stored.is_cursor_chat,
    isActive,
    createdAt: stored.created_at,
    updatedAt: stored.updated_at,
  };
}

/** A hand may have written the id of a session that is not there. */
export function activeSession({ sessions, active_session_id: id }: StoredWorkspace): StoredSession | undefined {
  return id !== null && Object.hasOwn(sessions, id) ? sessions[id] : undefined;
}
