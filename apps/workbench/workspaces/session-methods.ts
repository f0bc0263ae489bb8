import { z } from 'zod';
import type { ChatContent } from '../cursor/chat-content.ts';
import type { CursorReader } from '../cursor/cursor-reader.ts';
import { defineMethod, type Method } from '../methods/method.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { contextAsMarkdown } from './export-context.ts';
import type { WorkspaceRegistry } from './workspace-registry.ts';
import type { ChatSession } from './workspace-views.ts';
import { IssueKey } from '../issue-key.ts';
import { MAX_ISSUES, MAX_NAME } from './workspaces-state.ts';

const Id = z
  .string()
  .min(1)
  .max(128)
  .describe('The session, as session_list names it. Default: the active session of the active workspace.');
const Uri = z.string().min(1).max(4_096).describe('The folder of the workspace, as URI or path.');
const Name = z.string().trim().min(1).max(MAX_NAME);
const Listed = z.object({
  sessionId: z.string(),
  workspaceUri: z.string(),
  name: z.string().nullable(),
  persona: z.string().nullable(),
  project: z.string().nullable(),
  issueKeys: z.array(z.string()),
  branch: z.string().nullable(),
  toolCallCount: z.int(),
  lastTool: z.string().nullable(),
  isCursorChat: z.boolean(),
  isActive: z.boolean(),
  /** Not used for over a day. */
  isStale: z.boolean(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
const Session = Listed.extend({
  /** Modules that it is offered. */
  tools: z.array(z.string()),
  activity: z.array(z.object({ at: z.string(), tool: z.string() })),
});
const Ids = z.array(z.string());
const CHANGE = { readOnly: false } as const;
const SETTING = { readOnly: false, idempotent: true } as const;

/** What clients can call of sessions and personas. */
export function sessionMethods({ workspaces, cursor }: { workspaces: WorkspaceRegistry; cursor: CursorReader }): readonly Method[] {
  const sessionOf = (id: string | undefined): ChatSession => {
    const session = id === undefined ? workspaces.getActiveSession() : workspaces.getSession(id);
    if (session) return session;
    const what =
      id === undefined
        ? 'No session is active; start one with session_start'
        : `There is no session ${JSON.stringify(id)}; session_list tells which there are`;
    throw new WorkbenchError('NOT_FOUND', `${what}.`);
  };
  const shown = (session: ChatSession): object => ({
    ...session,
    isStale: workspaces.isStale(session),
    tools: workspaces.toolsOf(session.sessionId),
  });
  return [
    defineMethod({
      name: 'session_start',
      title: 'Start or resume a session',
      description:
        'Resumes the session of an id, or starts a new one with an id of its own. Call it first, and give its sessionId to the other tools.',
      input: {
        session_id: Id.optional(),
        name: Name.optional(),
        persona: Name.optional(),
        project: Name.optional(),
        workspace_uri: Uri.optional(),
        cursor_chat: z.uuid().optional().describe("The id of a Cursor chat that a new session is to be. Default: it is nobody's chat."),
      },
      output: Session,
      hints: CHANGE,
      run: async ({ session_id, name, persona, project, workspace_uri, cursor_chat }) =>
        shown(await workspaces.sessionStart(session_id, { name, persona, project, workspaceUri: workspace_uri, cursorChat: cursor_chat })),
    }),
    defineMethod({
      name: 'session_info',
      title: 'Show a session',
      description: 'Shows a session: its persona, project, issues, branch, tools, and the newest calls of tools.',
      input: { session_id: Id.optional() },
      output: Session,
      hints: { readOnly: true },
      run: ({ session_id }) => shown(sessionOf(session_id)),
    }),
    defineMethod({
      name: 'session_list',
      title: 'List sessions',
      description: 'Lists the sessions of a workspace, or of all, the most recent first.',
      input: { workspace_uri: Uri.optional(), limit: z.int().min(1).max(500).default(50) },
      output: z.object({ total: z.int(), sessions: z.array(Listed) }),
      hints: { readOnly: true },
      run: ({ workspace_uri, limit }) => {
        const sessions = workspaces.listSessions(workspace_uri);
        // What may be long is in session_info.
        const listed = sessions
          .slice(0, limit)
          .map((session) => ({ ...session, activity: undefined, meetingReferences: undefined, isStale: workspaces.isStale(session) }));
        return { total: sessions.length, sessions: listed };
      },
    }),
    defineMethod({
      name: 'session_rename',
      title: 'Rename a session',
      description: 'Gives a session a name. That of a Cursor chat stays until it is renamed in Cursor.',
      input: { session_id: Id.optional(), name: Name },
      output: Session,
      hints: SETTING,
      run: async ({ session_id, name }) => shown(await workspaces.updateSession(sessionOf(session_id).sessionId, { name })),
    }),
    defineMethod({
      name: 'session_switch',
      title: 'Switch to a session',
      description: 'Makes a session the active one of its workspace, and its workspace the active one.',
      input: { session_id: Id },
      output: Session,
      hints: SETTING,
      run: async ({ session_id }) => shown(await workspaces.switchSession(session_id)),
    }),
    defineMethod({
      name: 'session_sync',
      title: 'Take over chats from Cursor',
      description: 'Looks now at what became of the chats of Cursor: which came, went, were renamed or used. One workspace, or all.',
      input: { workspace_uri: Uri.optional() },
      output: z.object({
        workspaces: z.array(
          z.object({
            workspaceUri: z.string(),
            added: Ids,
            removed: Ids,
            renamed: Ids,
            updated: Ids,
            focused: z.string().nullable(),
            problem: z.string().optional(),
          }),
        ),
      }),
      hints: SETTING,
      run: async ({ workspace_uri }) => {
        const uris = workspace_uri === undefined ? workspaces.listWorkspaces().map(({ uri }) => uri) : [workspace_uri];
        const synced: object[] = [];
        for (const uri of uris) synced.push({ workspaceUri: uri, ...(await workspaces.syncCursor(uri, cursor.chatsOf(uri))) });
        return { workspaces: synced };
      },
    }),
    defineMethod({
      name: 'session_set_project',
      title: 'Set the project of a session',
      description: 'Says which project a session is about, in place of the one that its folder lies in.',
      input: { session_id: Id.optional(), project: Name },
      output: Session,
      hints: SETTING,
      run: async ({ session_id, project }) => shown(await workspaces.updateSession(sessionOf(session_id).sessionId, { project })),
    }),
    defineMethod({
      name: 'session_set_issue',
      title: 'Set the issue of a session',
      description:
        'Says which issues a session is about, the one that it works on first, and on which branch. They take the place of those before.',
      input: {
        session_id: Id.optional(),
        issue_keys: z.array(IssueKey).max(MAX_ISSUES),
        branch: z.string().trim().min(1).max(MAX_NAME).nullable().optional(),
      },
      output: Session,
      hints: SETTING,
      run: async ({ session_id, issue_keys: issueKeys, branch }) =>
        shown(await workspaces.updateSession(sessionOf(session_id).sessionId, { issueKeys, ...(branch !== undefined && { branch }) })),
    }),
    defineMethod({
      name: 'session_export_context',
      title: 'Export the context of a session',
      description:
        'Gives what another conversation needs to go on with a session: what it is about, its last tool calls, and the newest messages of its Cursor chat.',
      input: { session_id: Id.optional(), format: z.enum(['markdown', 'json']).default('markdown') },
      output: z.object({
        markdown: z.string().optional(),
        session: Listed.omit({ isStale: true }).optional(),
        messages: z.array(z.object({ role: z.enum(['user', 'assistant']), text: z.string() })).optional(),
      }),
      hints: { readOnly: true },
      run: ({ session_id, format }) => {
        const session = sessionOf(session_id);
        const { messages } = contentOf(cursor, session);
        const context = { session, tools: workspaces.toolsOf(session.sessionId), messages };
        return format === 'json' ? context : { markdown: contextAsMarkdown(context) };
      },
    }),
    defineMethod({
      name: 'persona_list',
      title: 'List personas',
      description: 'Lists the personas of the configuration with the tool modules that each brings.',
      input: {},
      output: z.object({ personas: z.array(z.object({ name: z.string(), tools: z.array(z.string()) })) }),
      hints: { readOnly: true },
      run: () => ({ personas: Object.entries(workspaces.personas()).map(([name, tools]) => ({ name, tools })) }),
    }),
    defineMethod({
      name: 'persona_load',
      title: 'Load a persona',
      description: 'Gives a session a persona, and so the tools that it is offered.',
      input: { persona: Name, session_id: Id.optional() },
      output: z.object({ session: Session, tools: z.array(z.string()) }),
      hints: SETTING,
      run: async ({ persona, session_id }) => {
        const { session, tools } = await workspaces.loadPersona(sessionOf(session_id).sessionId, persona);
        return { session: shown(session), tools };
      },
    }),
  ];
}

/** What was said in a session; nothing when it is no chat of Cursor's. @throws {WorkbenchError} UNAVAILABLE when it cannot be read now. */
function contentOf(cursor: CursorReader, { isCursorChat, workspaceUri, sessionId }: ChatSession): ChatContent {
  if (!isCursorChat) return { messages: [], issueKeys: [] };
  try {
    return cursor.contentOf(workspaceUri, sessionId);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WorkbenchError('UNAVAILABLE', `What was said in the chat cannot be read now: ${reason}. Try again in a moment.`, {
      cause: error,
    });
  }
}
