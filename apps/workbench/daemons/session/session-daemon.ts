import type { StateHandle } from 'holdfast';
import { z } from 'zod';
import type { CursorReading } from '../../cursor/cursor-chats.ts';
import { defineMethod } from '../../methods/method.ts';
import { MethodTable } from '../../methods/method-table.ts';
import { WorkbenchError } from '../../workbench-error.ts';
import { sessionMethods } from '../../workspaces/session-methods.ts';
import { hasSynced, NOTHING_SYNCED, type ChatSync } from '../../workspaces/sync-chats.ts';
import { STALE_AFTER_MS } from '../../workspaces/workspace-registry.ts';
import type { ChatSession } from '../../workspaces/workspace-views.ts';
import { isoTime } from '../../zoned-time.ts';
import type { Daemon, DaemonContext, SelfCheck } from '../daemon.ts';
import { searchChats } from './search-chats.ts';
import { sessionSyncState, type SessionSync, type SyncKind } from './session-sync-state.ts';

const EVERY_MS: Readonly<Record<SyncKind, number>> = { focus: 2_000, recent: 10_000, rest: 120_000 };
/** Used so shortly ago, a session is looked at with the recent ones. */
const RECENT_MS = 3_600_000;
/** How many sessions are looked into at once. */
const BATCH = 20;

/** Follows the chats of Cursor: which have the focus, are new, renamed, used or gone, and which issues they speak of. */
export class SessionDaemon implements Daemon {
  readonly methods: MethodTable;
  readonly #context: DaemonContext;
  readonly #timers = new Map<SyncKind, Disposable>();
  /** By the URI of a workspace: what was brought into it last. */
  readonly #brought = new Map<string, unknown>();
  /** By session: when it was last used, when it was looked into. */
  readonly #lookedInto = new Map<string, string>();
  #sync: StateHandle<SessionSync> | undefined;
  #running: Promise<void> = Promise.resolve();
  #focused: SessionSync['focused_chat'] = null;
  #isStopped = false;
  #problem: string | null = null;
  #syncs = 0;

  constructor(context: DaemonContext) {
    this.#context = context;
    const { workspaces, cursor } = context.workbench;
    const search = defineMethod({
      name: 'session_search',
      title: 'Search sessions',
      description:
        'Finds sessions by their names, issues and the newest messages of their Cursor chats, whatever the case; the most recent first.',
      input: { query: z.string().trim().min(2).max(200), limit: z.int().min(1).max(50).default(20) },
      hints: { readOnly: true },
      run: async ({ query, limit }) => ({ sessions: await searchChats({ sessions: workspaces.listSessions(), cursor }, query, limit) }),
    });
    this.methods = new MethodTable([...sessionMethods(context.workbench), search]);
  }

  async start(): Promise<void> {
    this.#sync = await this.#context.workbench.state.global().get(sessionSyncState);
    this.#soon();
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const timer of this.#timers.values()) timer[Symbol.dispose]();
    await this.#running;
  }

  check(): Promise<SelfCheck> {
    const { cursor } = this.#context.workbench;
    const where = cursor.isThere
      ? 'The chats of Cursor are followed.'
      : 'There is no Cursor on this machine; sessions are kept all the same.';
    return Promise.resolve({ checks: { chats: this.#problem === null }, message: this.#problem ?? where });
  }

  stats(): Readonly<Record<string, unknown>> {
    const { workspaces } = this.#context.workbench;
    const sync = this.#sync?.current;
    return {
      workspaces: workspaces.listWorkspaces().length,
      sessions: workspaces.listSessions().length,
      syncs: this.#syncs,
      lastSyncAt: sync?.last_sync_at ?? null,
      focusedChat: sync?.focused_chat ?? null,
    };
  }

  wokeUp(): void {
    this.#soon();
  }

  /** Resolves when what is under way is done. */
  idle(): Promise<void> {
    return this.#running;
  }

  /** All three at once, the one that takes longest last. */
  #soon(): void {
    for (const kind of Object.keys(EVERY_MS) as SyncKind[]) this.#run(kind);
  }

  /** One after the other, and each again its time after it ended. */
  #run(kind: SyncKind): void {
    this.#timers.get(kind)?.[Symbol.dispose]();
    this.#running = this.#running
      .then(() => (this.#isStopped ? undefined : this.#look(kind)))
      .catch((error: unknown) => this.#context.workbench.log.error({ err: error, kind }, 'The sessions could not be brought up to date.'))
      .finally(() => {
        if (this.#isStopped) return;
        this.#timers.get(kind)?.[Symbol.dispose]();
        this.#timers.set(
          kind,
          this.#context.workbench.clock.after(EVERY_MS[kind], () => this.#run(kind)),
        );
      });
  }

  async #look(kind: SyncKind): Promise<void> {
    const { workspaces } = this.#context.workbench;
    const synced = kind === 'recent' ? NOTHING_SYNCED : await this.#bringIn(kind);
    if (kind !== 'focus') await this.#lookInto(this.#due(kind));
    if (kind === 'rest' && this.#problem === null) await workspaces.removeStaleWorkspaces();
    this.#syncs += 1;
    // Looking often is not worth a commit each time.
    if (hasSynced(synced) || kind === 'rest' || this.#sync?.current.problem !== this.#problem) await this.#note(kind, synced);
  }

  /** Brings the chats of all workspaces in whose databases have changed, or of all that there are. */
  async #bringIn(kind: SyncKind): Promise<ChatSync> {
    const { workspaces, cursor, clock } = this.#context.workbench;
    const known = workspaces.listWorkspaces().map(({ uri }) => uri);
    const opened = cursor.activeSince(clock.now() - STALE_AFTER_MS).filter((uri) => workspaces.getWorkspace(uri) === undefined);
    let total = NOTHING_SYNCED;
    this.#problem = null;
    // The most recent last: the focus is where it was moved last.
    for (const uri of [...opened, ...known.toReversed()]) {
      const reading = cursor.chatsOf(uri);
      if (reading.kind === 'failed') this.#problem = reading.message;
      if (reading.kind !== 'read' || (kind === 'focus' && this.#brought.get(uri) === reading)) continue;
      const synced = await this.#bringInto(uri, reading);
      if (!synced) return total;
      this.#brought.set(uri, reading);
      if (!hasSynced(synced)) continue;
      if (synced.focused !== null) this.#focused = { workspace_uri: uri, session_id: synced.focused, at: isoTime(clock.now()) };
      this.#context.emit('sessions_changed', { workspaceUri: uri, ...synced });
      total = together(total, synced);
    }
    return total;
  }

  /** Undefined while the file of the workspaces holds what cannot be taken: that is a matter of a person, who is told by the check. */
  async #bringInto(uri: string, reading: CursorReading): Promise<ChatSync | undefined> {
    try {
      return await this.#context.workbench.workspaces.syncCursor(uri, reading);
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      this.#problem = error.message;
      return undefined;
    }
  }

  /** Sessions that were used since they were looked into: the recent ones, or a batch of the rest. */
  #due(kind: SyncKind): readonly ChatSession[] {
    const { workspaces, clock } = this.#context.workbench;
    const since = clock.now() - RECENT_MS;
    const due = workspaces
      .listSessions()
      .filter(({ isCursorChat, sessionId, updatedAt }) => isCursorChat && this.#lookedInto.get(sessionId) !== updatedAt);
    const isRecent = ({ updatedAt }: ChatSession): boolean => Date.parse(updatedAt) >= since;
    return due.filter((session) => isRecent(session) === (kind === 'recent')).slice(0, BATCH);
  }

  async #lookInto(sessions: readonly ChatSession[]): Promise<void> {
    const { workspaces, cursor, log } = this.#context.workbench;
    for (const { sessionId, workspaceUri, updatedAt } of sessions) {
      if (this.#isStopped) return;
      try {
        const keys = cursor.contentOf(workspaceUri, sessionId).issueKeys.filter((key) => this.#isIssue(key));
        if (keys.length > 0) await workspaces.addIssueKeys(sessionId, keys);
        this.#lookedInto.set(sessionId, updatedAt);
      } catch (error) {
        log.warn({ err: error, sessionId }, 'A chat of Cursor could not be looked into; it is tried again.');
      }
    }
  }

  /** Where Jira is configured, UTF-8 is no issue: its projects are known. */
  #isIssue(key: string): boolean {
    const jira = this.#context.workbench.config.get('jira');
    if (!jira) return true;
    const projects = [jira.project, ...Object.values(jira.projects ?? {})];
    return projects.includes(key.slice(0, key.lastIndexOf('-')));
  }

  async #note(kind: SyncKind, synced: ChatSync): Promise<void> {
    const at = isoTime(this.#context.workbench.clock.now());
    await this.#sync?.update(
      (draft) => {
        draft.last_sync_at = at;
        draft.kind = kind;
        draft.counts = {
          added: synced.added.length,
          removed: synced.removed.length,
          renamed: synced.renamed.length,
          updated: synced.updated.length,
        };
        draft.problem = this.#problem;
        if (this.#focused) draft.focused_chat = this.#focused;
      },
      { actor: 'daemon:session', cause: kind, lease: this.#context.lease() },
    );
  }
}

function together(a: ChatSync, b: ChatSync): ChatSync {
  return {
    added: [...a.added, ...b.added],
    removed: [...a.removed, ...b.removed],
    renamed: [...a.renamed, ...b.renamed],
    updated: [...a.updated, ...b.updated],
    focused: b.focused ?? a.focused,
  };
}
