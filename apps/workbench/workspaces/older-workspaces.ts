import { isoTime } from '../zoned-time.ts';
import { readOlderTime } from './older-time.ts';

type Section = Readonly<Record<string, unknown>>;

/** What older programs took for all windows without a folder. */
const NO_FOLDER = 'default';
const UNKNOWN_TIME = isoTime(0);

/**
 * Brings a file that has no `$definition` to the shape of today: sessions by id or as a list, a flat list of them beside, times under either name. Sections and fields that
 * are not known stay.
 * @throws {TypeError} for what is no file of workspaces; it is refused then, and stays.
 */
export function readOlderWorkspaces(file: unknown): unknown {
  const { workspaces = {}, sessions = [], saved_at, version, active_workspace, ...rest } = sectionOf(file, 'the file');
  const isEmpty = Object.keys(file as Section).length === 0;
  if (!isEmpty && !Object.hasOwn(file as Section, 'workspaces') && !Object.hasOwn(file as Section, 'sessions'))
    throw new TypeError('There are neither workspaces nor sessions in it.');
  const savedAt = readOlderTime(saved_at) ?? readOlderTime(rest['exported_at']) ?? null;
  const flat = listOf(sessions, 'sessions').map((session) => sectionOf(session, 'a session'));
  const known = Object.entries(sectionOf(workspaces, 'workspaces')).map(([uri, each]) => [uri, sectionOf(each, uri)] as const);
  const owner = new Map(known.flatMap(([uri, { sessions: own }]) => sessionsOf(own).map(([id]) => [id, uri] as const)));
  const flatOf = (uri: string): readonly Section[] => flat.filter((session) => uriOf(session, owner) === uri);
  const uris = new Set([...known.map(([uri]) => uri), ...flat.map((session) => uriOf(session, owner))]);
  const byUri = new Map(known);
  return {
    ...rest,
    version: typeof version === 'number' && Number.isSafeInteger(version) && version > 0 ? version : 1,
    saved_at: savedAt,
    active_workspace: textOf(active_workspace),
    workspaces: Object.fromEntries(Array.from(uris, (uri) => [uri, readWorkspace(byUri.get(uri) ?? {}, flatOf(uri), savedAt)])),
  };
}

function readWorkspace(old: Section, flat: readonly Section[], savedAt: string | null): unknown {
  const { workspace_uri: _, started_at, created_at, last_activity, updated_at, active_session, ...rest } = old;
  const nested = new Map(sessionsOf(rest['sessions']));
  for (const session of flat) {
    const id = idOf(session);
    nested.set(id, { ...session, ...nested.get(id) });
  }
  const sessions = Object.fromEntries(Array.from(nested, ([id, session]) => [id, readSession(id, session, savedAt)]));
  const ends = Object.values(sessions).map(({ updated_at: at }) => at);
  const lastActivity = readOlderTime(last_activity) ?? readOlderTime(updated_at) ?? newest(ends) ?? savedAt ?? UNKNOWN_TIME;
  const active = textOf(rest['active_session_id']) ?? textOf(active_session);
  return {
    ...rest,
    project: textOf(rest['project']),
    is_auto_detected: rest['is_auto_detected'] === true,
    persona: textOf(rest['persona']),
    active_issue: textOf(rest['active_issue']),
    active_branch: textOf(rest['active_branch']),
    tool_filter_enabled: rest['tool_filter_enabled'] !== false,
    sessions,
    active_session_id: active !== null && nested.has(active) ? active : null,
    created_at: readOlderTime(created_at) ?? readOlderTime(started_at) ?? lastActivity,
    last_activity: lastActivity,
  };
}

function readSession(id: string, old: Section, savedAt: string | null): Section & { readonly updated_at: string } {
  const { workspace_uri: _, id: __, started_at, created_at, last_activity, updated_at, issue_key, last_tool_time, ...rest } = old;
  const toolAt = readOlderTime(rest['last_tool_at']) ?? readOlderTime(last_tool_time);
  const startedAt = readOlderTime(created_at) ?? readOlderTime(started_at);
  const updatedAt = readOlderTime(updated_at) ?? readOlderTime(last_activity) ?? toolAt ?? startedAt ?? savedAt ?? UNKNOWN_TIME;
  return {
    ...rest,
    session_id: id,
    name: textOf(rest['name']),
    persona: textOf(rest['persona']),
    project: textOf(rest['project']),
    is_project_auto_detected: rest['is_project_auto_detected'] === true,
    issue_keys: [...new Set([...keysOf(rest['issue_keys']), ...keysOf(issue_key)])],
    branch: textOf(rest['branch']),
    static_tool_count: countOf(rest['static_tool_count']),
    dynamic_tool_count: countOf(rest['dynamic_tool_count']),
    tool_call_count: countOf(rest['tool_call_count']),
    last_tool: textOf(rest['last_tool']),
    last_tool_at: toolAt ?? null,
    activity: listOf(rest['activity'] ?? [], 'activity').map(readActivity),
    meeting_references: listOf(rest['meeting_references'] ?? [], 'meeting_references').map(readMeeting),
    is_cursor_chat: rest['is_cursor_chat'] === true,
    created_at: startedAt ?? updatedAt,
    updated_at: updatedAt,
  };
}

function readActivity(old: unknown): unknown {
  const { at, timestamp, tool, ...rest } = typeof old === 'string' ? ({ tool: old } as Section) : sectionOf(old, 'an activity');
  return { ...rest, at: readOlderTime(at) ?? readOlderTime(timestamp) ?? UNKNOWN_TIME, tool: textOf(tool) ?? 'unknown' };
}

function readMeeting(old: unknown): unknown {
  return typeof old === 'object' ? old : { meeting_id: old };
}

/** By id, whether they are kept by id or as a list. */
function sessionsOf(sessions: unknown): readonly (readonly [string, Section])[] {
  if (sessions === undefined || sessions === null) return [];
  if (Array.isArray(sessions)) return sessions.map((each) => [idOf(sectionOf(each, 'a session')), each as Section] as const);
  return Object.entries(sectionOf(sessions, 'sessions')).map(([id, each]) => [id, sectionOf(each, `session ${id}`)] as const);
}

function idOf(session: Section): string {
  const id = textOf(session['session_id']) ?? textOf(session['id']);
  if (id === null) throw new TypeError('A session of the list has no session_id.');
  return id;
}

function uriOf(session: Section, owner: ReadonlyMap<string, string>): string {
  return owner.get(idOf(session)) ?? textOf(session['workspace_uri']) ?? NO_FOLDER;
}

/** One key, several with commas or blanks between them, or a list. */
function keysOf(keys: unknown): readonly string[] {
  const texts = (Array.isArray(keys) ? keys : [keys]).filter((each) => typeof each === 'string');
  return texts.flatMap((text) => text.split(/[\s,]+/)).filter((key) => key !== '');
}

function newest(times: readonly string[]): string | undefined {
  return times.toSorted((a, b) => Date.parse(b) - Date.parse(a))[0];
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function sectionOf(value: unknown, what: string): Section {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(`${what} is no object.`);
  return value as Section;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${what} is no list.`);
  return value;
}
