import { setImmediate as turn } from 'node:timers/promises';
import type { CursorReader } from '../../cursor/cursor-reader.ts';
import type { ChatSession } from '../../workspaces/workspace-views.ts';

/** How many chats are looked into, the most recent ones: each costs a read of its newest messages. */
const MAX_LOOKED_INTO = 200;
const MAX_EXCERPTS = 3;
const AROUND = 80;

export interface FoundChat {
  readonly sessionId: string;
  readonly workspaceUri: string;
  readonly name: string | null;
  readonly updatedAt: string;
  /** Parts of what was said with the text in them; empty when only the name or an issue has it. */
  readonly excerpts: readonly string[];
}

/** Sessions whose name, issues or newest messages have a text in them, whatever the case; the most recent first. Chats that cannot be read now are found by their names only. */
export async function searchChats(
  { sessions, cursor }: { readonly sessions: readonly ChatSession[]; readonly cursor: CursorReader },
  text: string,
  limit: number,
): Promise<readonly FoundChat[]> {
  const wanted = folded(text);
  const found: FoundChat[] = [];
  for (const [index, session] of sessions.entries()) {
    if (found.length >= limit) break;
    const excerpts = session.isCursorChat && index < MAX_LOOKED_INTO ? excerptsOf(cursor, session, wanted) : [];
    const isNamed = [session.name ?? '', ...session.issueKeys].some((each) => folded(each).includes(wanted));
    const { sessionId, workspaceUri, name, updatedAt } = session;
    if (isNamed || excerpts.length > 0) found.push({ sessionId, workspaceUri, name, updatedAt, excerpts });
    await turn();
  }
  return found;
}

function excerptsOf(cursor: CursorReader, { workspaceUri, sessionId }: ChatSession, wanted: string): readonly string[] {
  let content;
  try {
    content = cursor.contentOf(workspaceUri, sessionId);
  } catch {
    return [];
  }
  const excerpts = content.messages.flatMap(({ text }) => {
    const at = folded(text).indexOf(wanted);
    return at < 0 ? [] : [text.slice(Math.max(0, at - AROUND), at + wanted.length + AROUND)];
  });
  return excerpts.slice(-MAX_EXCERPTS);
}

function folded(text: string): string {
  return text.toLowerCase();
}
