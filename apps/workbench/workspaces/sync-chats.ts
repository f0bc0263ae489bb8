import type { CursorChat, CursorReading } from '../cursor/cursor-chats.ts';
import { isoTime } from '../zoned-time.ts';
import { addSession, dropSession, laterOf, MAX_SESSIONS, newSession } from './workspace-changes.ts';
import { MAX_NAME, type StoredSession, type StoredWorkspace } from './workspaces-state.ts';

/** What bringing Cursor's chats into a workspace came to, by the ids of sessions. */
export interface ChatSync {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly renamed: readonly string[];
  /** Used since. */
  readonly updated: readonly string[];
  /** The one that was given the focus since, which made it the active one; null when it did not move. */
  readonly focused: string | null;
  /** Why nothing was looked at. */
  readonly problem?: string;
}

export const NOTHING_SYNCED: ChatSync = { added: [], removed: [], renamed: [], updated: [], focused: null };

/** Follows Cursor: its chats come, go and are called as there; times only move forward; a chat that was given the focus becomes the active session. */
export function syncChats(
  workspace: StoredWorkspace,
  { chats, focusedId }: Extract<CursorReading, { kind: 'read' }>,
  now: number,
): ChatSync {
  const ids = new Set(chats.map(({ id }) => id));
  const gone = Object.values(workspace.sessions).filter((session) => session.is_cursor_chat && !ids.has(session.session_id));
  const removed = gone.map(({ session_id: id }) => id);
  for (const id of removed) dropSession(workspace, id);
  const added: string[] = [];
  const renamed: string[] = [];
  const updated: string[] = [];
  const room = MAX_SESSIONS - Object.keys(workspace.sessions).length;
  for (const chat of chats.toSorted((a, b) => b.lastUpdatedAt - a.lastUpdatedAt)) {
    const isKnown = Object.hasOwn(workspace.sessions, chat.id);
    if (!isKnown && added.length >= room) continue;
    if (!isKnown) addSession(workspace, newSession(chat.id, Math.min(chat.createdAt, now), workspace));
    const session = workspace.sessions[chat.id] as StoredSession;
    const isRenamed = followName(session, chat);
    const isUpdated = followTime(workspace, session, Math.min(chat.lastUpdatedAt, now));
    session.is_cursor_chat = true;
    if (!isKnown) added.push(chat.id);
    else if (isRenamed) renamed.push(chat.id);
    if (isKnown && isUpdated) updated.push(chat.id);
  }
  return { added, removed, renamed, updated, focused: followFocus(workspace, focusedId) };
}

/** A name that was given here stays until Cursor's changes. */
function followName(session: StoredSession, { name }: CursorChat): boolean {
  if (name === null || session.cursor_name === name) return false;
  session.cursor_name = name;
  const shown = name.slice(0, MAX_NAME);
  if (session.name === shown) return false;
  session.name = shown;
  return true;
}

function followTime(workspace: StoredWorkspace, session: StoredSession, usedAt: number): boolean {
  const at = isoTime(usedAt);
  workspace.last_activity = laterOf(workspace.last_activity, at);
  if (laterOf(session.updated_at, at) === session.updated_at) return false;
  session.updated_at = at;
  return true;
}

/** Only when the focus moved: who chose another session here since keeps it. */
function followFocus(workspace: StoredWorkspace, focusedId: string | null): string | null {
  if (focusedId === null || workspace.cursor_focus === focusedId || !Object.hasOwn(workspace.sessions, focusedId)) return null;
  workspace.cursor_focus = focusedId;
  workspace.active_session_id = focusedId;
  return focusedId;
}

/** Whether anything became of it. */
export function hasSynced({ added, removed, renamed, updated, focused }: ChatSync): boolean {
  return focused !== null || [added, removed, renamed, updated].some(({ length }) => length > 0);
}
