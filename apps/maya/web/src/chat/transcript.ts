import type { MessageView } from '../../../server/http/contract.ts';
import type { PageState } from '../session/page-state.ts';
import { replyTo, type ToolNote, type Turn } from './turn.ts';

/** One row of the conversation. Keys stay the same from the sending of a message to its place in the session. */
export type TranscriptEntry =
  | { readonly kind: 'message'; readonly key: string; readonly message: MessageView; readonly isSilent: boolean }
  /** A reply that is still being spoken; no text yet is "typing…". */
  | { readonly kind: 'reply'; readonly key: string; readonly text: string; readonly tools: readonly ToolNote[] }
  | { readonly kind: 'failed'; readonly key: string; readonly turn: Turn };

/** The conversation in order: what the session holds, then what it does not hold yet. */
export function toTranscript(page: Pick<PageState, 'session' | 'turns' | 'liveReplies' | 'silentTurnIds'>): readonly TranscriptEntry[] {
  const turns = new Map(page.turns.map((turn) => [turn.id, turn]));
  const silentIds = new Set(page.silentTurnIds.map((id) => (replyTo(id, page.session) ?? turns.get(id)?.message)?.id));
  const toEntry = (message: MessageView): TranscriptEntry => {
    return { kind: 'message', key: message.id, message, isSilent: silentIds.has(message.id) };
  };
  const entries: TranscriptEntry[] = [];
  const addReplyOf = (turn: Turn | undefined): void => {
    if (!turn) return;
    turns.delete(turn.id);
    entries.push(turn.message && turn.status !== 'failed' ? toEntry(turn.message) : replyEntry(turn));
  };

  let asking: Turn | undefined; // whose message came last; a failure is told after the cut-off reply that it may have
  for (const message of page.session?.messages ?? []) {
    if (message.role === 'user') {
      addReplyOf(asking);
      asking = turns.get(message.id);
    }
    entries.push(toEntry(message));
  }
  addReplyOf(asking);
  for (const turn of turns.values()) {
    entries.push(toEntry({ id: turn.id, role: 'user', text: turn.text, at: turn.at }));
    addReplyOf(turn);
  }
  for (const { turnId, text, message } of page.liveReplies) {
    entries.push(message ? toEntry(message) : { kind: 'reply', key: `reply ${turnId}`, text, tools: [] });
  }
  if (page.session?.isBusy && !entries.some(({ kind }) => kind === 'reply')) {
    entries.push({ kind: 'reply', key: 'reply to another page', text: '', tools: [] });
  }
  return entries;
}

function replyEntry(turn: Turn): TranscriptEntry {
  if (turn.status === 'failed') return { kind: 'failed', key: `failed ${turn.id}`, turn };
  return { kind: 'reply', key: `reply ${turn.id}`, text: turn.reply, tools: turn.tools };
}
