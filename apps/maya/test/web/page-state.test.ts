import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../server/http/contract.ts';
import { INITIAL_PAGE, reducePage, type PageAction, type PageState } from '../../web/src/session/page-state.ts';
import { asked, emptySession, payment, replied } from '../support/views.ts';

const after = (...actions: readonly PageAction[]): PageState => actions.reduce(reducePage, INITIAL_PAGE);
const viewed = (view: Partial<SessionView>): PageAction => ({ type: 'viewed', view: { ...emptySession, ...view } });
const text = (delta: string): PageAction => ({ type: 'reply-text', turnId: 'm2', delta });
const sent: PageAction = { type: 'turn-sent', id: 'm1', text: 'A beer', at: 0 };
const lost: PageAction = { type: 'turn-failed', id: 'm1', error: { error: 'NETWORK_ERROR', message: 'Lost.' } };

describe('views of the session', () => {
  it('never go back to an older revision', () => {
    const page = after(viewed({ revision: 5 }), viewed({ revision: 4, phase: 'small_talk' }));
    expect(page.session).toMatchObject({ revision: 5, phase: 'greeting' });
  });

  it('of the same revision follow what is not stored, such as whether a turn runs', () => {
    expect(after(viewed({ isBusy: true }), viewed({ isBusy: false })).session?.isBusy).toBe(false);
  });

  it('start again with any revision after a reset', () => {
    expect(after(viewed({ revision: 9 }), { type: 'cleared' }, viewed({ revision: 1 })).session?.revision).toBe(1);
    expect(after(viewed({ revision: 9 }), { type: 'ended', reason: 'reset' }, viewed({ revision: 1 })).session?.revision).toBe(1);
  });

  it('that were loaded after a reconnection count whatever their revision', () => {
    const page = after(
      viewed({ revision: 9 }),
      { type: 'disconnected' },
      { type: 'loaded', answer: { session: emptySession, keys: emptySession.keys } },
    );
    expect(page).toMatchObject({ connection: 'online', session: { revision: 1 } });
  });

  it('bring the last messages, which stand behind those that the page has', () => {
    const page = after(
      viewed({ messages: [asked('m1'), replied('m1')] }),
      viewed({ revision: 2, messagesFrom: 2, messages: [asked('m2')] }),
      viewed({ revision: 3, messagesFrom: 2, messages: [asked('m2'), replied('m2')] }),
    );
    expect(page.session).toMatchObject({
      revision: 3,
      messagesFrom: 0,
      messages: [{ id: 'm1' }, { id: 'm1.reply' }, { id: 'm2' }, { id: 'm2.reply' }],
    });
  });

  it('that leave a gap behind the messages of the page are not shown: its live stream brings the rest', () => {
    const known = after(viewed({ messages: [asked('m1')] }));
    expect(reducePage(known, viewed({ revision: 3, messagesFrom: 2, messages: [asked('m2')] }))).toBe(known);
    expect(after(viewed({ revision: 3, messagesFrom: 2, messages: [asked('m2')] })).session).toBeNull();
  });

  it('replace what was shown of a reply that was cut off', () => {
    const cutOff = { ...replied('m1', ''), isCutOff: true };
    const page = after(
      viewed({ messages: [asked('m1'), cutOff] }),
      viewed({ revision: 2, messagesFrom: 1, messages: [{ ...cutOff, at: 1 }, asked('m2')] }),
    );
    expect(page.session?.messages).toEqual([asked('m1'), { ...cutOff, at: 1 }, asked('m2')]);
  });

  it('stay on show while the server restarts', () => {
    const page = after(viewed({ revision: 9 }), { type: 'ended', reason: 'shutdown' }, { type: 'disconnected' });
    expect(page).toMatchObject({ connection: 'offline', session: { revision: 9 } });
  });
});

describe('the end of a session', () => {
  it('by a reset leaves nothing but a page that is loaded', () => {
    const page = after(
      { type: 'connected' },
      viewed({}),
      sent,
      lost,
      { type: 'refused', problem: { error: 'X', message: 'No.' } },
      { type: 'cleared' },
    );
    expect(page).toEqual({ ...INITIAL_PAGE, isLoaded: true, connection: 'online', round: 1 });
  });

  it('by expiry is told, and a message on its way stays', () => {
    const page = after(viewed({}), sent, { type: 'ended', reason: 'expired' });
    expect(page).toMatchObject({ session: null, notice: 'expired', turns: [{ id: 'm1' }] });
  });

  it('found out by sending a message is told, and the new session is shown though its revisions are lower', () => {
    const page = after(viewed({ revision: 9, messages: [asked('old')] }), sent, {
      type: 'turn-started',
      id: 'm1',
      turnId: 'm1',
      notice: 'expired',
    });
    expect(page).toMatchObject({ session: null, notice: 'expired', turns: [{ id: 'm1' }] });
    expect(reducePage(page, viewed({ revision: 1, messages: [asked('m1')] })).session?.messages).toEqual([asked('m1')]);
  });

  it('found out on loading is told until it is dismissed or a message is sent', () => {
    const expired: PageAction = { type: 'loaded', answer: { session: null, keys: emptySession.keys, notice: 'expired' } };
    expect(after(expired)).toMatchObject({ isLoaded: true, session: null, notice: 'expired' });
    expect(after(expired, { type: 'notice-dismissed' }).notice).toBeNull();
    expect(after(expired, sent).notice).toBeNull();
  });
});

describe('a turn of this page', () => {
  const complete: PageAction = { type: 'turn-complete', id: 'm1', message: replied('m1') };

  it('collects its text and tools until it is complete', () => {
    const tool = { turnId: 'm1', name: 'add_to_order', status: 'ok', summary: 'Added 1 × Tap Beer' } as const;
    const page = after(
      sent,
      { type: 'turn-text', id: 'm1', delta: 'Com' },
      { type: 'turn-tool', id: 'm1', tool },
      { type: 'turn-text', id: 'm1', delta: 'ing' },
    );
    expect(page.turns).toEqual([
      {
        id: 'm1',
        text: 'A beer',
        at: 0,
        status: 'running',
        reply: 'Coming',
        tools: [{ name: 'add_to_order', status: 'ok', summary: 'Added 1 × Tap Beer' }],
      },
    ]);
  });

  it('makes way for the session when that has the reply, whichever comes first', () => {
    const view = viewed({ revision: 2, messages: [asked('m1'), replied('m1')] });
    expect(after(sent, complete).turns).toHaveLength(1);
    expect(after(sent, complete, view).turns).toEqual([]);
    expect(after(sent, view, complete).turns).toEqual([]);
  });

  it('stays while the session has the message but no reply', () => {
    expect(after(sent, viewed({ messages: [asked('m1')] })).turns).toHaveLength(1);
  });

  it('starts over under the same id when it is sent again', () => {
    const page = after(sent, { type: 'turn-text', id: 'm1', delta: 'Com' }, lost, { ...sent, at: 9 });
    expect(page.turns).toEqual([{ id: 'm1', text: 'A beer', at: 0, status: 'running', reply: '', tools: [] }]);
  });

  it('whose line broke off is settled by the reply that the session shows later', () => {
    expect(after(sent, lost).turns).toMatchObject([{ status: 'failed', error: { message: 'Lost.' } }]);
    expect(after(sent, lost, viewed({ messages: [asked('m1'), replied('m1')] })).turns).toEqual([]);
  });

  it('keeps what the server said of its failure beside the cut-off reply, until it is dismissed', () => {
    const failed: PageAction = { type: 'turn-failed', id: 'm1', error: { error: 'INTERNAL', message: 'Sorry.', errorId: 'e7' } };
    const cutOff = viewed({ messages: [asked('m1'), { ...replied('m1', ''), isCutOff: true }] });
    expect(after(sent, failed, cutOff).turns).toMatchObject([{ error: { errorId: 'e7' } }]);
    expect(after(sent, failed, cutOff, { type: 'turn-dismissed', id: 'm1' }).turns).toEqual([]);
    expect(after(sent, lost, cutOff).turns).toEqual([]);
  });
});

describe('a reply to another page', () => {
  const complete: PageAction = { type: 'reply-complete', turnId: 'm2', message: replied('m2') };

  it('streams in and makes way for the session', () => {
    const page = after(viewed({ messages: [asked('m2')], isBusy: true }), text('Com'), text('ing'));
    expect(page.liveReplies).toEqual([{ turnId: 'm2', text: 'Coming' }]);
    const view = viewed({ revision: 2, messages: [asked('m2'), replied('m2')] });
    expect([complete, view].reduce(reducePage, page).liveReplies).toEqual([]);
    expect([view, complete].reduce(reducePage, page).liveReplies).toEqual([]);
  });

  it('does not come back by text that was late', () => {
    expect(after(viewed({ messages: [asked('m2'), replied('m2')] }), text('ing')).liveReplies).toEqual([]);
  });

  it('is not shown a second time when it is this page’s own', () => {
    expect(after({ ...sent, id: 'm2' }, text('Com')).liveReplies).toEqual([]);
    expect(after(sent, text('Com'), { type: 'turn-started', id: 'm1', turnId: 'm2' }, text('ing')).liveReplies).toEqual([]);
  });

  it('is let go when the line is lost, since its next piece would not fit', () => {
    expect(after(text('Com'), { type: 'disconnected' }).liveReplies).toEqual([]);
  });
});

describe('the amount that was paid', () => {
  const owing = { ...payment, tab: 1800, tip: 270, total: 2070, balance: 98_200, status: 'processing' } as const;
  const paid = { ...payment, balance: 98_200, paidTotal: 1800, status: 'completed' } as const;
  const pays = [viewed({ payment: owing }), viewed({ revision: 2, payment: paid })];

  it('has the tip in it', () => {
    expect(after(...pays).paidAmount).toBe(2070);
  });

  it('stays through later views, until a new tab is opened', () => {
    expect(after(...pays, viewed({ revision: 3, payment: paid })).paidAmount).toBe(2070);
    expect(after(...pays, viewed({ revision: 3, payment: { ...paid, status: 'pending', tab: 500 } })).paidAmount).toBeNull();
  });

  it('is not guessed when this page did not see the whole tab being paid', () => {
    expect(after(viewed({ payment: paid })).paidAmount).toBeNull();
    expect(after(viewed({ payment: owing }), viewed({ revision: 2, payment: { ...paid, paidTotal: 2300 } })).paidAmount).toBeNull();
  });
});

describe('what lies over the page', () => {
  it.each([
    ['QUOTA_EXCEEDED', 'quota'],
    ['KEY_REQUIRED', 'keys'],
    ['KEY_INVALID', 'keys'],
    ['MODEL_UNAVAILABLE', 'keys'],
    ['INTERNAL', null],
  ] as const)('after a turn that failed as %s is %s', (error, overlay) => {
    const page = after(
      { type: 'turn-sent', id: 'm1', text: 'hi', at: 0 },
      { type: 'turn-failed', id: 'm1', error: { error, message: '' } },
    );
    expect(page.overlay).toBe(overlay);
  });

  it('is not closed by the end of another that it followed', () => {
    const keys = after({ type: 'overlay-opened', overlay: 'quota' }, { type: 'overlay-opened', overlay: 'keys' });
    expect(reducePage(keys, { type: 'overlay-closed', overlay: 'quota' }).overlay).toBe('keys');
    expect(reducePage(keys, { type: 'overlay-closed', overlay: 'keys' }).overlay).toBeNull();
  });
});
