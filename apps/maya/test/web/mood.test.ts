import { describe, expect, it } from 'vitest';
import { moodOf } from '../../web/src/avatar/mood.ts';
import type { TranscriptEntry } from '../../web/src/chat/transcript.ts';
import { asked, replied } from '../support/views.ts';

const message = (view: ReturnType<typeof asked>): TranscriptEntry => ({ kind: 'message', key: view.id, message: view, isSilent: false });
const speaking = (text: string, ...tools: readonly { readonly name: string; readonly status: 'ok' | 'error' }[]): TranscriptEntry => ({
  kind: 'reply',
  key: 'reply',
  text,
  tools: tools.map((tool) => ({ ...tool, summary: '' })),
});
const failed: TranscriptEntry = {
  kind: 'failed',
  key: 'failed',
  turn: { id: '1', text: 'A beer', at: 0, status: 'failed', reply: '', tools: [] },
};

describe("Maya's mood", () => {
  it.each([
    ['neutral before anything is said', [], 'neutral'],
    ['that of her last reply', [message(asked('1')), message({ ...replied('1'), emotion: 'upset' })], 'upset'],
    ['neutral after a reply without one', [message(replied('1'))], 'neutral'],
    ['thinking before she says a word', [message(asked('1')), speaking('')], 'thinking'],
    ['neutral while she speaks', [message(asked('1')), speaking('Well,')], 'neutral'],
    ['mixing when she has just taken an order', [speaking('', { name: 'add_to_order', status: 'ok' })], 'mixing'],
    ['thinking when an order was refused', [speaking('', { name: 'add_to_order', status: 'error' })], 'thinking'],
    ['flustered when a turn failed', [message(asked('1')), failed], 'flustered'],
  ] as const)('is %s', (_when, entries, mood) => {
    expect(moodOf(entries)).toBe(mood);
  });
});
