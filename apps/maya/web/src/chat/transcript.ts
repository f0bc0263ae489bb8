import type { MessageView } from '../../../server/http/contract.ts';
import type { PageState } from '../session/page-state.ts';
import type { ToolNote, Turn } from './turn.ts';

/** One row of the conversation. Keys stay the same from the sending of a message to its place in the session. */
export type TranscriptEntry =
  | { readonly kind: 'message'; readonly key: string; readonly message: MessageView }
  /** A reply that is still being spoken; no text yet is "typing…". */
  | { readonly kind: 'reply'; readonly key: string; readonly text: string; readonly tools: readonly ToolNote[] }
  | { readonly kind: 'failed'; readonly key: string; readonly turn: Turn };

/** The conversation in order: what the session holds, then what this page sent, then what another page is hearing. */
export function toTranscript(page: Pick<PageState, 'session' | 'turns' | 'liveReplies'>): readonly TranscriptEntry[] {
  const messages = page.session?.messages ?? [];
  const held = new Set(messages.map(({ id }) => id));
  const entries = messages.map(toEntry);
  for (const turn of page.turns) {
    if (!held.has(turn.id)) entries.push(toEntry({ id: turn.id, role: 'user', text: turn.text, at: turn.at }));
    if (turn.status === 'failed') entries.push({ kind: 'failed', key: `failed ${turn.id}`, turn });
    else if (turn.message) entries.push(toEntry(turn.message));
    else entries.push({ kind: 'reply', key: `reply ${turn.id}`, text: turn.reply, tools: turn.tools });
  }
  for (const reply of page.liveReplies) {
    if (reply.message) entries.push(toEntry(reply.message));
    else entries.push({ kind: 'reply', key: `reply ${reply.turnId}`, text: reply.text, tools: [] });
  }
  if (page.session?.isBusy && !entries.some(({ kind }) => kind === 'reply')) {
    entries.push({ kind: 'reply', key: 'reply of another page', text: '', tools: [] });
  }
  return entries;
}

function toEntry(message: MessageView): TranscriptEntry {
  return { kind: 'message', key: message.id, message };
}
