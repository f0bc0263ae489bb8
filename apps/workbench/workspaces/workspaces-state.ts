import { defineState } from 'holdfast';
import { z } from 'zod';
import { isRecord } from '../json-value.ts';
import { readOlderWorkspaces } from './older-workspaces.ts';

/** Also what a client may give as one. */
export const MAX_NAME = 200;
/** How many of the newest calls of a session's tools are known. */
export const MAX_ACTIVITY = 100;
export const MAX_MEETINGS = 20;
export const MAX_ISSUES = 20;

const TimeSchema = z.iso.datetime({ offset: true });
const TextSchema = z.string().min(1);

const SessionSchema = z.looseObject({
  session_id: TextSchema,
  name: TextSchema.nullable(),
  persona: TextSchema.nullable(),
  project: TextSchema.nullable(),
  is_project_auto_detected: z.boolean(),
  issue_keys: z.array(TextSchema),
  branch: TextSchema.nullable(),
  static_tool_count: z.int().min(0),
  dynamic_tool_count: z.int().min(0),
  tool_call_count: z.int().min(0),
  last_tool: TextSchema.nullable(),
  last_tool_at: TimeSchema.nullable(),
  /** Newest last. */
  activity: z.array(z.looseObject({ at: TimeSchema, tool: TextSchema })),
  meeting_references: z.array(z.looseObject({ meeting_id: z.union([z.string(), z.number()]) })),
  /** It is a chat of Cursor, which says whether it is still there. */
  is_cursor_chat: z.boolean(),
  /** What Cursor called it when it was last read. */
  cursor_name: TextSchema.optional(),
  created_at: TimeSchema,
  updated_at: TimeSchema,
});

const WorkspaceSchema = z.looseObject({
  project: TextSchema.nullable(),
  is_auto_detected: z.boolean(),
  /** Of the active session, when there is one; so are issue and branch. Else that of the next one. */
  persona: TextSchema.nullable(),
  active_issue: TextSchema.nullable(),
  active_branch: TextSchema.nullable(),
  tool_filter_enabled: z.boolean(),
  // Looked at one by one, when they change.
  sessions: z.custom<Record<string, StoredSession>>(isRecord),
  active_session_id: TextSchema.nullable(),
  /** The chat that had Cursor's focus when it was last read. */
  cursor_focus: TextSchema.optional(),
  created_at: TimeSchema,
  last_activity: TimeSchema,
});

const WorkspacesSchema = z.looseObject({
  version: z.int().min(1),
  saved_at: TimeSchema.nullable(),
  active_workspace: TextSchema.nullable(),
  workspaces: z.record(z.string().min(1), WorkspaceSchema),
});

export type StoredSession = z.infer<typeof SessionSchema>;
export type StoredWorkspace = z.infer<typeof WorkspaceSchema>;
export type StoredWorkspaces = z.infer<typeof WorkspacesSchema>;

/** `workspace_states.json`. What is not ours in it is kept: the user interface writes sections of its own. */
export const workspacesState = defineState({
  name: 'workspaces',
  scope: 'global',
  version: 2,
  schema: WorkspacesSchema,
  initial: { version: 1, saved_at: null, active_workspace: null, workspaces: {} },
  each: { 'workspaces.*.sessions': SessionSchema },
  migrations: { 2: readOlderWorkspaces },
  invariants: {
    sessionsHaveTheirKeys: ({ workspaces }) => {
      const wrong = Object.values(workspaces).flatMap(({ sessions }) =>
        Object.entries(sessions).filter(([id, session]) => session.session_id !== id),
      );
      return wrong.length === 0 || `the session under ${JSON.stringify(wrong[0]?.[0])} says that it is another`;
    },
  },
});
