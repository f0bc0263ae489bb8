import { randomUUID } from 'node:crypto';
import type { StateHandle, StateManager, SyncResult } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Clock } from '../clock.ts';
import type { CursorReading } from '../cursor/cursor-chats.ts';
import { assertFileIsTaken } from '../state-files.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { isoTime } from '../zoned-time.ts';
import { personaTools, type Personas } from './personas.ts';
import { projectOfFolder } from './project-of-folder.ts';
import { hasSynced, NOTHING_SYNCED, syncChats, type ChatSync } from './sync-chats.ts';
import {
  addSession,
  addWorkspace,
  chooseProject,
  dropSession,
  findSession,
  findWorkspace,
  newSession,
  newWorkspace,
  requireSession,
  speakForActive,
  touchSession,
} from './workspace-changes.ts';
import { toSession, toWorkspace, type ChatSession, type MeetingReference, type Workspace } from './workspace-views.ts';
import {
  MAX_ISSUES,
  MAX_MEETINGS,
  workspacesState,
  type StoredSession,
  type StoredWorkspace,
  type StoredWorkspaces,
} from './workspaces-state.ts';

/** Where sessions live that nobody has said a folder of. */
const NO_FOLDER = 'default';
export const STALE_AFTER_MS = 24 * 3_600_000;

/** What the configuration says, when it is asked. */
export interface WorkspaceSettings {
  /** Paths by the names of their projects. */
  readonly repositories: Readonly<Record<string, string>>;
  readonly personas: Personas;
}

export interface WorkspaceRegistryOptions {
  readonly state: StateManager;
  readonly store: Pick<FileStore, 'problems'>;
  readonly clock: Clock;
  /** Default: no repositories and no personas. */
  readonly settings?: () => WorkspaceSettings;
}

export interface NewSession {
  readonly name?: string | undefined;
  /** Default: the workspace's, which is that of the session that was active. */
  readonly persona?: string | undefined;
  /** Default: the workspace's. */
  readonly project?: string | undefined;
  /** Default: the active workspace, or that of sessions without a folder. */
  readonly workspaceUri?: string | undefined;
  /** The id of a Cursor chat that the session is to be. Default: it is a session of its own. */
  readonly cursorChat?: string | undefined;
}

/** What may be set of a session; what is undefined stays. */
export interface SessionChanges {
  readonly name?: string | null | undefined;
  readonly persona?: string | null | undefined;
  readonly project?: string | null | undefined;
  /** The first 20 are kept. */
  readonly issueKeys?: readonly string[] | undefined;
  readonly branch?: string | null | undefined;
  readonly staticToolCount?: number | undefined;
  readonly dynamicToolCount?: number | undefined;
  /** The newest 20 are kept. */
  readonly meetingReferences?: readonly MeetingReference[] | undefined;
}

type Recipe<R> = (draft: StoredWorkspaces, now: number) => SyncResult<R>;

/**
 * Workspaces and their chat sessions, those of all processes: what one commits the others see. Reading costs nothing and gives what this process has seen; writing is a commit,
 * in its file a moment later; it is REFUSED while somebody has left what cannot be taken in the file.
 */
export class WorkspaceRegistry {
  readonly #state: StateManager;
  readonly #store: Pick<FileStore, 'problems'>;
  readonly #clock: Clock;
  readonly #settings: () => WorkspaceSettings;
  readonly #handle: StateHandle<StoredWorkspaces>;

  private constructor({ state, store, clock, settings }: WorkspaceRegistryOptions, handle: StateHandle<StoredWorkspaces>) {
    this.#state = state;
    this.#store = store;
    this.#clock = clock;
    this.#settings = settings ?? (() => ({ repositories: {}, personas: {} }));
    this.#handle = handle;
  }

  /** Takes what was edited or left by an older program, too. @throws {HoldfastError} CORRUPT_STATE, STORE_UNAVAILABLE. */
  static async open(options: WorkspaceRegistryOptions): Promise<WorkspaceRegistry> {
    return new WorkspaceRegistry(options, await options.state.global().get(workspacesState));
  }

  /** By last activity, the newest first. */
  listWorkspaces(): readonly Workspace[] {
    const all = Object.entries(this.#handle.current.workspaces).map(([uri, stored]) => toWorkspace(uri, stored));
    return all.toSorted((a, b) => Date.parse(b.lastActivity) - Date.parse(a.lastActivity));
  }

  /** Never makes one. Another spelling of the same folder finds it as well. */
  getWorkspace(uri: string): Workspace | undefined {
    const found = findWorkspace(this.#handle.current, uri);
    return found && toWorkspace(...found);
  }

  /** Also finds out the project of a folder whose configuration came later. @throws {WorkbenchError} REFUSED. */
  async getOrCreateWorkspace(uri: string): Promise<Workspace> {
    const found = findWorkspace(this.#handle.current, uri);
    const detected = projectOfFolder(uri, this.#settings().repositories);
    if (found && (found[1].project !== null || detected === undefined)) return toWorkspace(...found);
    return await this.#change('workspace', (draft, now) => toWorkspace(...this.#ensureWorkspace(draft, uri, now)));
  }

  /** The one that was set last, by any process; when it is gone, the most recent. */
  getActiveWorkspace(): Workspace | undefined {
    const { active_workspace: uri } = this.#handle.current;
    return (uri === null ? undefined : this.getWorkspace(uri)) ?? this.listWorkspaces()[0];
  }

  /** Makes it if need be. */
  async setActiveWorkspace(uri: string): Promise<Workspace> {
    return await this.#change('workspace', (draft, now) => {
      const found = this.#ensureWorkspace(draft, uri, now);
      draft.active_workspace = found[0];
      return toWorkspace(...found);
    });
  }

  /** @throws {WorkbenchError} NOT_FOUND. */
  async setToolFilter(uri: string, isEnabled: boolean): Promise<Workspace> {
    return await this.#change('tool filter', (draft) => {
      const found = findWorkspace(draft, uri);
      if (!found) throw new WorkbenchError('NOT_FOUND', `There is no workspace ${JSON.stringify(uri)}.`);
      found[1].tool_filter_enabled = isEnabled;
      return toWorkspace(...found);
    });
  }

  /**
   * Makes a session, which becomes the active one of its workspace.
   * @throws {WorkbenchError} NOT_FOUND for a persona that is not there; REFUSED when there are too many.
   */
  async createSession({ name, persona, project, workspaceUri, cursorChat }: NewSession = {}): Promise<ChatSession> {
    const tools = persona === undefined ? undefined : personaTools(this.#settings().personas, persona);
    const id = cursorChat ?? randomUUID();
    return await this.#change('session', (draft, now) => {
      const uri = workspaceUri ?? draft.active_workspace ?? NO_FOLDER;
      const [key, workspace] = this.#ensureWorkspace(draft, uri, now);
      // It may have come by a synchronisation already.
      if (!Object.hasOwn(workspace.sessions, id)) addSession(workspace, newSession(id, now, workspace));
      const stored = workspace.sessions[id] as StoredSession;
      if (name !== undefined) stored.name = name;
      if (persona !== undefined) stored.persona = persona;
      if (tools) stored.static_tool_count = tools.length;
      if (project !== undefined) chooseProject(stored, project);
      if (cursorChat !== undefined) stored.is_cursor_chat = true;
      workspace.active_session_id = id;
      touchSession(workspace, stored, now);
      speakForActive(workspace);
      return toSession(key, stored, true);
    });
  }

  /** Most recent first: of one workspace, or of all. */
  listSessions(workspaceUri?: string): readonly ChatSession[] {
    if (workspaceUri !== undefined) return this.getWorkspace(workspaceUri)?.sessions ?? [];
    const all = this.listWorkspaces().flatMap(({ sessions }) => sessions);
    return all.toSorted((a, b) => Date.parse(b.updatedAt) - Date.parse(a.updatedAt));
  }

  getSession(id: string): ChatSession | undefined {
    const found = findSession(this.#handle.current, id);
    return found && toSession(found.uri, found.session, found.workspace.active_session_id === id);
  }

  /** That of the active workspace, or of the one that is named. */
  getActiveSession(workspaceUri?: string): ChatSession | undefined {
    const workspace = workspaceUri === undefined ? this.getActiveWorkspace() : this.getWorkspace(workspaceUri);
    return workspace?.sessions.find(({ isActive }) => isActive);
  }

  /** @throws {WorkbenchError} NOT_FOUND for a session or persona that is not there. */
  async updateSession(id: string, changes: SessionChanges): Promise<ChatSession> {
    const { persona } = changes;
    const tools = persona === undefined || persona === null ? undefined : personaTools(this.#settings().personas, persona);
    return await this.#changeSession('session', id, (session) => {
      if (changes.name !== undefined) session.name = changes.name;
      if (persona !== undefined) session.persona = persona;
      if (tools) session.static_tool_count = tools.length;
      if (changes.project !== undefined) chooseProject(session, changes.project);
      if (changes.issueKeys !== undefined) session.issue_keys = [...new Set(changes.issueKeys)].slice(0, MAX_ISSUES);
      if (changes.branch !== undefined) session.branch = changes.branch;
      if (changes.staticToolCount !== undefined) session.static_tool_count = changes.staticToolCount;
      if (changes.dynamicToolCount !== undefined) session.dynamic_tool_count = changes.dynamicToolCount;
      if (changes.meetingReferences !== undefined)
        session.meeting_references = structuredClone(changes.meetingReferences.slice(-MAX_MEETINGS));
    });
  }

  /** The most recent one that is left becomes the active one. @throws {WorkbenchError} NOT_FOUND. */
  async removeSession(id: string): Promise<void> {
    await this.#change('session', (draft) => {
      const { workspace } = requireSession(draft, id);
      dropSession(workspace, id);
      speakForActive(workspace);
    });
  }

  /** Makes a session the active one of its workspace, and its workspace the active one. @throws {WorkbenchError} NOT_FOUND. */
  async switchSession(id: string): Promise<ChatSession> {
    return await this.#changeSession('session', id, (_session, { draft, uri, workspace }) => {
      workspace.active_session_id = id;
      draft.active_workspace = uri;
    });
  }

  /** Resumes the session of that id, or makes a new one. @throws {WorkbenchError} NOT_FOUND for an id that is not there. */
  async sessionStart(id?: string, options: NewSession = {}): Promise<ChatSession> {
    return id === undefined ? await this.createSession(options) : await this.switchSession(id);
  }

  /**
   * A session was used, by a tool when one is named.
   * @throws {WorkbenchError} NOT_FOUND when there is no such session, or none is active.
   */
  async touch(tool?: string, sessionId?: string): Promise<ChatSession> {
    const id = sessionId ?? this.getActiveSession()?.sessionId;
    if (id === undefined) throw new WorkbenchError('NOT_FOUND', 'No session is active; start one with session_start.');
    return await this.#changeSession(tool ?? 'touch', id, (session, { workspace, now }) => touchSession(workspace, session, now, tool));
  }

  /** Gives the session a persona, and so its tools. @throws {WorkbenchError} NOT_FOUND. */
  async loadPersona(id: string, persona: string): Promise<{ readonly session: ChatSession; readonly tools: readonly string[] }> {
    const session = await this.updateSession(id, { persona });
    return { session, tools: this.toolsOf(id) };
  }

  /** Names of all personas, with their tool modules. */
  personas(): Personas {
    return this.#settings().personas;
  }

  /** The tool modules that a session is offered: its persona's; all of them when it has none, or its workspace does not filter. @throws {WorkbenchError} NOT_FOUND. */
  toolsOf(id: string): readonly string[] {
    const { session, workspace } = requireSession(this.#handle.current, id);
    const { personas } = this.#settings();
    const isFiltered = workspace.tool_filter_enabled && session.persona !== null && Object.hasOwn(personas, session.persona);
    return isFiltered ? personaTools(personas, session.persona as string) : [...new Set(Object.values(personas).flat())];
  }

  /** Not used for over 24 h. */
  isStale({ updatedAt }: Pick<ChatSession, 'updatedAt'>): boolean {
    return this.#clock.now() - Date.parse(updatedAt) > STALE_AFTER_MS;
  }

  /** Removes workspaces that are stale and have no session; gives their URIs. */
  async removeStaleWorkspaces(): Promise<readonly string[]> {
    const now = this.#clock.now();
    if (!Object.entries(this.#handle.current.workspaces).some((each) => isStaleAndEmpty(each[1], now))) return [];
    return await this.#change('stale', (draft, at) => {
      const going = Object.entries(draft.workspaces).filter((each) => isStaleAndEmpty(each[1], at));
      for (const [uri] of going) delete draft.workspaces[uri];
      return going.map(([uri]) => uri);
    });
  }

  /** Removes sessions that are stale, but not chats that Cursor has; gives their ids. */
  async removeStaleSessions(): Promise<readonly string[]> {
    return await this.#change('stale', (draft, now) => {
      const removed: string[] = [];
      for (const workspace of Object.values(draft.workspaces)) {
        const stale = Object.values(workspace.sessions).filter(
          ({ is_cursor_chat, updated_at }) => !is_cursor_chat && now - Date.parse(updated_at) > STALE_AFTER_MS,
        );
        for (const { session_id: id } of stale) dropSession(workspace, id);
        if (stale.length > 0) speakForActive(workspace);
        removed.push(...stale.map(({ session_id: id }) => id));
      }
      return removed;
    });
  }

  /** Brings what was read of Cursor into a workspace, made if need be. A failed reading changes nothing, and says so. */
  async syncCursor(uri: string, reading: CursorReading): Promise<ChatSync> {
    if (reading.kind !== 'read') return { ...NOTHING_SYNCED, problem: reading.message };
    if (reading.chats.length === 0 && !findWorkspace(this.#handle.current, uri)) return NOTHING_SYNCED;
    return await this.#commit('cursor', (draft, now) => {
      const [, workspace] = this.#ensureWorkspace(draft, uri, now);
      const sync = syncChats(workspace, reading, now);
      speakForActive(workspace);
      // Read every few seconds: what changes nothing is no commit.
      if (hasSynced(sync)) draft.saved_at = isoTime(now);
      return sync;
    });
  }

  /** Adds issues that a session speaks of; the first one stays the one that it is about. At most 20 are kept. @throws {WorkbenchError} NOT_FOUND. */
  async addIssueKeys(id: string, keys: readonly string[]): Promise<void> {
    await this.#commit('issues', (draft, now) => {
      const { workspace, session } = requireSession(draft, id);
      const room = Math.max(0, MAX_ISSUES - session.issue_keys.length);
      const added = keys.filter((key) => !session.issue_keys.includes(key)).slice(0, room);
      if (added.length === 0) return;
      session.issue_keys.push(...added);
      speakForActive(workspace);
      draft.saved_at = isoTime(now);
    });
  }

  /** Calls back after something changed, in whichever process. Returns the unsubscriber. */
  subscribe(listener: () => void): () => void {
    return this.#handle.subscribe((value) => value, listener, { equals: Object.is });
  }

  /** Resolves when everything is in the file. */
  async persist(): Promise<void> {
    await this.#state.flush();
  }

  /** Reads what is stored, and what somebody has edited in the file. */
  async load(): Promise<void> {
    await this.#state.global().get(workspacesState);
    await this.#handle.refresh();
  }

  #ensureWorkspace(draft: StoredWorkspaces, uri: string, now: number): [string, StoredWorkspace] {
    const detected = projectOfFolder(uri, this.#settings().repositories);
    const found = findWorkspace(draft, uri);
    if (!found) addWorkspace(draft, uri, newWorkspace(now, detected));
    const [key, workspace] = found ?? [uri, draft.workspaces[uri] as StoredWorkspace];
    if (workspace.project === null && detected !== undefined) {
      workspace.project = detected;
      workspace.is_auto_detected = true;
    }
    return [key, workspace];
  }

  #changeSession(
    cause: string,
    id: string,
    recipe: (session: StoredSession, around: { draft: StoredWorkspaces; uri: string; workspace: StoredWorkspace; now: number }) => void,
  ): Promise<ChatSession> {
    return this.#change(cause, (draft, now) => {
      const { uri, workspace, session } = requireSession(draft, id);
      recipe(session, { draft, uri, workspace, now });
      touchSession(workspace, session, now);
      speakForActive(workspace);
      return toSession(uri, session, workspace.active_session_id === id);
    });
  }

  #change<R>(cause: string, recipe: Recipe<R>): Promise<R> {
    return this.#commit(cause, (draft, now) => {
      draft.saved_at = isoTime(now);
      return recipe(draft, now);
    });
  }

  /** @throws {WorkbenchError} REFUSED while the file holds what cannot be taken; what the recipe throws. */
  async #commit<R>(cause: string, recipe: Recipe<R>): Promise<R> {
    assertFileIsTaken(this.#store, workspacesState.name);
    const { value } = await this.#handle.update((draft) => recipe(draft, this.#clock.now()), { actor: 'workspaces', cause });
    return value;
  }
}

function isStaleAndEmpty({ sessions, last_activity: at }: StoredWorkspace, now: number): boolean {
  return Object.keys(sessions).length === 0 && now - Date.parse(at) > STALE_AFTER_MS;
}
