import { describe, expect, it } from 'vitest';
import { toTranscript } from '../../web/src/chat/transcript.ts';
import { INITIAL_PAGE, reducePage, type PageAction } from '../../web/src/session/page-state.ts';
import { asked, emptySession, replied } from '../support/views.ts';

/** Rows as `who: text`. */
const rows = (...actions: readonly PageAction[]): readonly string[] =>
  toTranscript(actions.reduce(reducePage, INITIAL_PAGE)).map((entry) => {
    if (entry.kind === 'message') return `${entry.message.role}: ${entry.message.text}`;
    return entry.kind === 'reply' ? `typing: ${entry.text}` : `failed: ${entry.turn.error?.message}`;
  });
const keys = (...actions: readonly PageAction[]): readonly string[] =>
  toTranscript(actions.reduce(reducePage, INITIAL_PAGE)).map(({ key }) => key);
const marks = (...actions: readonly PageAction[]): readonly boolean[] =>
  toTranscript(actions.reduce(reducePage, INITIAL_PAGE)).map((entry) => entry.kind === 'message' && entry.isSilent);

const sent: PageAction = { type: 'turn-sent', id: 'm1', text: 'A beer', at: 0 };
const view = (...messages: (typeof emptySession)['messages']): PageAction => ({ type: 'viewed', view: { ...emptySession, messages } });

describe('the conversation on show', () => {
  it('has the message at once, before the server knows it', () => {
    expect(rows(sent)).toEqual(['user: A beer', 'typing: ']);
  });

  it('marks the reply that could not be spoken, whether the session has it yet or not', () => {
    const silent: PageAction = { type: 'turn-silent', id: 'm1' };
    const complete: PageAction = { type: 'turn-complete', id: 'm1', message: replied('m1') };
    expect(marks(sent, silent)).toEqual([false, false]);
    expect(marks(sent, silent, complete)).toEqual([false, true]);
    expect(marks(sent, silent, complete, view(asked('m1'), replied('m1'), replied('tip')))).toEqual([false, true, false]);
  });

  it('has each message once and under the same key when the session brings it', () => {
    expect(rows(sent, view(asked('m1')))).toEqual(['user: A beer', 'typing: ']);
    expect(rows(sent, view(asked('m1'), replied('m1')))).toEqual(['user: A beer', 'assistant: Coming up!']);
    expect(keys(sent)[0]).toBe(keys(sent, view(asked('m1'), replied('m1')))[0]);
  });

  it('gives a whole reply another key than the one being spoken, so that it is announced once', () => {
    const complete: PageAction = { type: 'turn-complete', id: 'm1', message: replied('m1') };
    expect(keys(sent)[1]).not.toBe(keys(sent, complete)[1]);
    expect(keys(sent, complete)[1]).toBe(keys(sent, view(asked('m1'), replied('m1')))[1]);
  });

  it('shows the failure in the place of the reply', () => {
    expect(rows(sent, { type: 'turn-failed', id: 'm1', error: { error: 'RATE_LIMITED', message: 'Slow down.' } })).toEqual([
      'user: A beer',
      'failed: Slow down.',
    ]);
  });

  it('keeps a failure beside its message when the conversation goes on', () => {
    const failed: PageAction = { type: 'turn-failed', id: 'm1', error: { error: 'INTERNAL', message: 'Sorry.' } };
    const cutOff = { ...replied('m1', ''), isCutOff: true };
    expect(rows(sent, failed, view(asked('m1'), cutOff, asked('m2', 'Water'), replied('m2')))).toEqual([
      'user: A beer',
      'assistant: ',
      'failed: Sorry.',
      'user: Water',
      'assistant: Coming up!',
    ]);
  });

  it('keeps a reply on show that is being spoken while Maya says something else, as of a tip', () => {
    const thanks = { ...replied('tip', 'Thank you!'), id: 'tip' };
    const speaking: PageAction = { type: 'turn-text', id: 'm1', delta: 'Once upon' };
    expect(rows(sent, speaking, view(asked('m1'), thanks))).toEqual(['user: A beer', 'assistant: Thank you!', 'typing: Once upon']);
  });

  it('shows two messages sent at once each with its own reply', () => {
    expect(rows(sent, { ...sent, id: 'm2', text: 'And water' }, { type: 'turn-text', id: 'm1', delta: 'Sure' })).toEqual([
      'user: A beer',
      'typing: Sure',
      'user: And water',
      'typing: ',
    ]);
  });

  it('shows that Maya is typing for another page, and what she says to it', () => {
    const busy: PageAction = { type: 'viewed', view: { ...emptySession, isBusy: true, messages: [asked('m2')] } };
    expect(rows(busy)).toEqual(['user: A beer', 'typing: ']);
    expect(rows(busy, { type: 'reply-text', turnId: 'm2', delta: 'Sure' })).toEqual(['user: A beer', 'typing: Sure']);
  });
});
