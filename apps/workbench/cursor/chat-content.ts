import type { DatabaseSync } from 'node:sqlite';
import { textOf } from './read-only-database.ts';

/** How much of a chat is taken. */
const MAX_MESSAGES = 50;
const MAX_CHARACTERS = 2_000;
const MAX_ISSUE_KEYS = 50;
/** How much is looked at for it: most bubbles of an agent have no text, and one with a file in it may be large. */
const MAX_BUBBLES = 2_000;
const MAX_BUBBLE_BYTES = 1_048_576;

/** LETTERS-digits, as in AAP-1234. */
const ISSUE_KEY = /\b[A-Z][A-Z\d]{1,19}-\d{1,9}\b/g;
const USER = 1;
const ASSISTANT = 2;

export interface ChatMessage {
  readonly role: 'user' | 'assistant';
  /** Up to 2,000 characters of it. */
  readonly text: string;
}

export interface ChatContent {
  /** The newest 50, in their order. */
  readonly messages: readonly ChatMessage[];
  /** In the order in which they are first named. */
  readonly issueKeys: readonly string[];
}

interface Bubble extends ChatMessage {
  readonly at: number | undefined;
}

/** What was said in a chat. Costs a read of its newest 2,000 bubbles. */
export function readContent(db: DatabaseSync, chatId: string): ChatContent {
  const rows = db
    .prepare(
      `SELECT value FROM cursorDiskKV WHERE octet_length(value) <= ? AND rowid IN
        (SELECT rowid FROM cursorDiskKV WHERE key >= ? AND key < ? ORDER BY rowid DESC LIMIT ?) ORDER BY rowid`,
    )
    .iterate(MAX_BUBBLE_BYTES, `bubbleId:${chatId}:`, `bubbleId:${chatId};`, MAX_BUBBLES);
  const bubbles: Bubble[] = [];
  for (const { value } of rows) {
    const bubble = toBubble(textOf(value) ?? '');
    if (bubble) bubbles.push(bubble);
  }
  // A bubble that is written again moves to the end; its time stays.
  const areTimed = bubbles.every(({ at }) => at !== undefined);
  const inOrder = areTimed ? bubbles.toSorted((a, b) => Number(a.at) - Number(b.at)) : bubbles;
  const messages = inOrder.slice(-MAX_MESSAGES).map(({ role, text }) => ({ role, text: text.slice(0, MAX_CHARACTERS) }));
  const keys = messages.flatMap(({ text }) => text.match(ISSUE_KEY) ?? []);
  return { messages, issueKeys: [...new Set(keys)].slice(0, MAX_ISSUE_KEYS) };
}

function toBubble(json: string): Bubble | undefined {
  let bubble: unknown;
  try {
    bubble = JSON.parse(json);
  } catch {
    // One that is damaged says nothing; the others do.
    return undefined;
  }
  if (typeof bubble !== 'object' || bubble === null) return undefined;
  const { type, text, createdAt } = bubble as Readonly<Record<string, unknown>>;
  if ((type !== USER && type !== ASSISTANT) || typeof text !== 'string' || text.trim() === '') return undefined;
  const at = typeof createdAt === 'string' ? Date.parse(createdAt) : Number(createdAt ?? Number.NaN);
  return { role: type === USER ? 'user' : 'assistant', text: text.trim(), at: Number.isNaN(at) ? undefined : at };
}
