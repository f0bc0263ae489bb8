import type { Emotion } from '../../../server/http/contract.ts';
import type { TranscriptEntry } from '../chat/transcript.ts';

/** Tools that set Maya to work at the shaker. */
const MIXING_TOOLS: ReadonlySet<string> = new Set(['add_to_order', 'place_order']);

/** How Maya looks, by what was said last. */
export function moodOf(entries: readonly TranscriptEntry[]): Emotion {
  const last = entries.at(-1);
  if (!last) return 'neutral';
  switch (last.kind) {
    case 'message':
      return last.message.emotion ?? 'neutral';
    case 'failed':
      return 'flustered';
    case 'reply':
      if (last.tools.some(({ name, status }) => MIXING_TOOLS.has(name) && status === 'ok')) return 'mixing';
      return last.text === '' ? 'thinking' : 'neutral';
  }
}
