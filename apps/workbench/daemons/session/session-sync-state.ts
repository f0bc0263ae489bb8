import { defineState } from 'holdfast';
import { z } from 'zod';
import { readOlderTime } from '../../workspaces/older-time.ts';

/** What set a synchronisation off: Cursor's databases changed, recent sessions were looked at, or the rest, or somebody asked. */
const SYNC_KINDS = ['focus', 'recent', 'rest'] as const;

const TimeSchema = z.iso.datetime({ offset: true });
const SessionSyncSchema = z.looseObject({
  last_sync_at: TimeSchema.nullable(),
  kind: z.enum(SYNC_KINDS).nullable(),
  counts: z.looseObject({ added: z.int(), removed: z.int(), renamed: z.int(), updated: z.int() }),
  /** The chat that was given the focus last. */
  focused_chat: z.looseObject({ workspace_uri: z.string(), session_id: z.string(), at: TimeSchema }).nullable(),
  /** Why chats could not be read, when they were last looked at. */
  problem: z.string().nullable(),
});

export type SessionSync = z.infer<typeof SessionSyncSchema>;
export type SyncKind = (typeof SYNC_KINDS)[number];

const NOTHING: SessionSync = {
  last_sync_at: null,
  kind: null,
  counts: { added: 0, removed: 0, renamed: 0, updated: 0 },
  focused_chat: null,
  problem: null,
};

/** `session_state.json`: what the session daemon did last, written by it alone. */
export const sessionSyncState = defineState({
  name: 'session_sync',
  scope: 'global',
  version: 2,
  schema: SessionSyncSchema,
  initial: NOTHING,
  // Of an older daemon only the time is of use; what it wrote besides stays.
  migrations: {
    2: (old: Readonly<Record<string, unknown>>) => ({
      ...old,
      ...NOTHING,
      last_sync_at: readOlderTime(old['last_sync_at'] ?? old['last_sync']) ?? null,
    }),
  },
  durability: 'written',
  retention: { versions: 20 },
});
