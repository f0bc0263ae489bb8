import { WorkbenchError } from '../workbench-error.ts';
import { isoTime } from '../zoned-time.ts';
import { folderOf } from './project-of-folder.ts';
import { activeSession } from './workspace-views.ts';
import { MAX_ACTIVITY, type StoredSession, type StoredWorkspace, type StoredWorkspaces } from './workspaces-state.ts';

const MAX_URI = 4_096;
const CONTROL = /\p{Cc}/u;
/** More than anybody has, and few enough for one file. */
const MAX_WORKSPACES = 500;
export const MAX_SESSIONS = 500;

/** A session, and the workspace that it is in. */
export interface FoundSession {
  readonly uri: string;
  readonly workspace: StoredWorkspace;
  readonly session: StoredSession;
}

/** The workspace of a folder, also under another spelling of it. */
export function findWorkspace({ workspaces }: StoredWorkspaces, uri: string): [uri: string, workspace: StoredWorkspace] | undefined {
  if (Object.hasOwn(workspaces, uri)) return [uri, workspaces[uri] as StoredWorkspace];
  const folder = folderOf(uri);
  return folder === undefined ? undefined : Object.entries(workspaces).find(([other]) => folderOf(other) === folder);
}

export function findSession({ workspaces }: StoredWorkspaces, id: string): FoundSession | undefined {
  for (const [uri, workspace] of Object.entries(workspaces)) {
    if (Object.hasOwn(workspace.sessions, id)) return { uri, workspace, session: workspace.sessions[id] as StoredSession };
  }
  return undefined;
}

/** @throws {WorkbenchError} NOT_FOUND. */
export function requireSession(stored: StoredWorkspaces, id: string): FoundSession {
  const found = findSession(stored, id);
  if (found) return found;
  throw new WorkbenchError('NOT_FOUND', `There is no session ${JSON.stringify(id)}; session_list tells which there are.`);
}

export function newWorkspace(now: number, project: string | undefined): StoredWorkspace {
  const at = isoTime(now);
  return {
    project: project ?? null,
    is_auto_detected: project !== undefined,
    persona: null,
    active_issue: null,
    active_branch: null,
    tool_filter_enabled: true,
    sessions: {},
    active_session_id: null,
    created_at: at,
    last_activity: at,
  };
}

export function newSession(id: string, now: number, { project, is_auto_detected, persona }: StoredWorkspace): StoredSession {
  const at = isoTime(now);
  return {
    session_id: id,
    name: null,
    persona,
    project,
    is_project_auto_detected: is_auto_detected,
    issue_keys: [],
    branch: null,
    static_tool_count: 0,
    dynamic_tool_count: 0,
    tool_call_count: 0,
    last_tool: null,
    last_tool_at: null,
    activity: [],
    meeting_references: [],
    is_cursor_chat: false,
    created_at: at,
    updated_at: at,
  };
}

/** @throws {WorkbenchError} REFUSED when there are too many; INVALID_INPUT for what is no URI. */
export function addWorkspace(draft: StoredWorkspaces, uri: string, workspace: StoredWorkspace): void {
  if (uri === '' || uri.length > MAX_URI || uri === '__proto__' || CONTROL.test(uri))
    throw new WorkbenchError(
      'INVALID_INPUT',
      `A workspace is named by the URI or path of its folder, of up to ${MAX_URI} characters without controls.`,
    );
  if (Object.keys(draft.workspaces).length >= MAX_WORKSPACES)
    throw new WorkbenchError('REFUSED', `There are ${MAX_WORKSPACES} workspaces, as many as are kept; remove sessions that are done with.`);
  draft.workspaces[uri] = workspace;
}

/** @throws {WorkbenchError} REFUSED when there are too many. */
export function addSession(workspace: StoredWorkspace, session: StoredSession): void {
  if (Object.keys(workspace.sessions).length >= MAX_SESSIONS)
    throw new WorkbenchError('REFUSED', `The workspace has ${MAX_SESSIONS} sessions, as many as are kept; remove some.`);
  workspace.sessions[session.session_id] = session;
}

/** The session is in use now, and its workspace: times only move forward. */
export function touchSession(workspace: StoredWorkspace, session: StoredSession, now: number, tool?: string): void {
  const at = isoTime(now);
  if (tool !== undefined) {
    session.last_tool = tool;
    session.last_tool_at = at;
    session.tool_call_count += 1;
    session.activity.push({ at, tool });
    if (session.activity.length > MAX_ACTIVITY) session.activity.splice(0, session.activity.length - MAX_ACTIVITY);
  }
  session.updated_at = laterOf(session.updated_at, at);
  workspace.last_activity = laterOf(workspace.last_activity, at);
}

/** The most recent survivor becomes active. */
export function dropSession(workspace: StoredWorkspace, id: string): void {
  delete workspace.sessions[id];
  if (workspace.active_session_id !== id) return;
  const [recent] = Object.values(workspace.sessions).toSorted((a, b) => Date.parse(b.updated_at) - Date.parse(a.updated_at));
  workspace.active_session_id = recent?.session_id ?? null;
}

/** Writes what the active session says where readers of the file look for it. */
export function speakForActive(workspace: StoredWorkspace): void {
  const active = activeSession(workspace);
  if (!active) return;
  workspace.persona = active.persona;
  workspace.active_issue = active.issue_keys[0] ?? null;
  workspace.active_branch = active.branch;
}

/** A project that somebody chose is not detected again. */
export function chooseProject(session: StoredSession, project: string | null): void {
  session.project = project;
  session.is_project_auto_detected = false;
}

export function laterOf(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) ? a : b;
}
