import { z } from 'zod';
import type { CursorChat } from './cursor-chats.ts';

/** More chats than anybody keeps in one window. */
const MAX_CHATS = 10_000;
/** Ids become keys of sessions: those that are none of Cursor's making are passed over. */
const ID = /^[a-z\d][\w-]{0,63}$/i;

const Time = z.number().min(0).max(8.64e15).optional().catch(undefined);
const Text = z.string().optional().catch(undefined);
const Flag = z.boolean().optional().catch(undefined);
const Entry = z.object({
  composerId: Text,
  id: Text,
  tabId: Text,
  name: Text,
  title: Text,
  createdAt: Time,
  lastUpdatedAt: Time,
  isArchived: Flag,
  archived: Flag,
  isDraft: Flag,
});
/** One of the two lists is there in every version of Cursor; which has a chat is not said. */
const Record = z
  .object({
    allComposers: z.array(z.unknown()).max(MAX_CHATS).optional(),
    chats: z.array(z.unknown()).max(MAX_CHATS).optional(),
    lastFocusedComposerIds: z.array(z.unknown()).optional().catch(undefined),
  })
  .refine(({ allComposers, chats }) => allComposers !== undefined || chats !== undefined, { error: 'there is no list of chats in it' });

/** A chat as one storage folder has it, also one that is not to be shown. */
export interface StoredChat extends CursorChat {
  readonly isHidden: boolean;
}

export interface ComposerRecord {
  readonly chats: readonly StoredChat[];
  /** The newest first. */
  readonly focusedIds: readonly string[];
}

/** What `composer.composerData` says, in either shape. @throws {Error} for what is no such record. */
export function readComposerRecord(text: string): ComposerRecord {
  const { allComposers = [], chats = [], lastFocusedComposerIds = [] } = Record.parse(JSON.parse(text));
  return {
    chats: [...chats, ...allComposers].flatMap((entry) => toChat(entry) ?? []),
    focusedIds: lastFocusedComposerIds.filter((id) => typeof id === 'string'),
  };
}

function toChat(entry: unknown): StoredChat | undefined {
  const parsed = Entry.safeParse(entry);
  if (!parsed.success) return undefined;
  const { composerId, id = composerId, tabId, title, name = title, createdAt, lastUpdatedAt, isArchived, archived, isDraft } = parsed.data;
  const chatId = composerId ?? id ?? tabId ?? '';
  if (!ID.test(chatId)) return undefined;
  const shownName = name?.trim() ?? '';
  // A ghost was opened and never used: it has neither a name nor an answer.
  const isGhost = shownName === '' && lastUpdatedAt === undefined;
  return {
    id: chatId,
    name: shownName === '' ? null : shownName,
    createdAt: createdAt ?? lastUpdatedAt ?? 0,
    lastUpdatedAt: lastUpdatedAt ?? createdAt ?? 0,
    isHidden: isArchived === true || archived === true || isDraft === true || isGhost,
  };
}
