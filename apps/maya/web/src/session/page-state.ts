import type { ErrorAnswer, KeysView, LiveEvents, MessageView, SessionAnswer, SessionView } from '../../../server/http/contract.ts';
import { paidBetween } from '../payment/paid-amount.ts';
import { completeReply, extendReply, isShown, type LiveReply } from '../chat/live-reply.ts';
import { addTool, changeTurn, isAnswered, replyTo, startTurn, type ToolNote, type Turn } from '../chat/turn.ts';

/** What can be asked of the session besides talking. */
export type Wish = 'tip' | 'pay' | 'cancel' | 'reset' | 'stop';

/** Everything the page knows; what it shows follows from this alone. */
export interface PageState {
  /** Whether the server has said yet if there is a session. */
  readonly isLoaded: boolean;
  readonly connection: 'connecting' | 'online' | 'offline';
  /** With all messages. */
  readonly session: SessionView | null;
  /** Where keys come from, without a session too; null before the server has said so. */
  readonly keys: KeysView | null;
  /** What lies over the page. */
  readonly overlay: 'keys' | 'quota' | null;
  /** Messages sent by this page whose replies are not in the session yet, oldest first. */
  readonly turns: readonly Turn[];
  /** Ids of turns that this page streams itself: the live stream brings their text a second time. */
  readonly ownTurnIds: readonly string[];
  /** Replies to messages that another page sent, while they are being spoken. */
  readonly liveReplies: readonly LiveReply[];
  /** Ids of turns that were to be spoken and could not be. */
  readonly silentTurnIds: readonly string[];
  readonly notice: 'expired' | null;
  /** What was asked for besides a message and is not answered yet. */
  readonly asking: Wish | null;
  /** Why the last thing asked for besides a message did not happen. */
  readonly problem: ErrorAnswer | null;
  /** What the completed payment came to with its tip, when this page saw it happen; minor units. */
  readonly paidAmount: number | null;
  /** How often everything was cleared: what parts of the page keep for themselves goes with it. */
  readonly round: number;
}

export type PageAction =
  /** The answer to `GET /api/session`: the truth at the start and after every reconnection, whatever revision it has. */
  | { readonly type: 'loaded'; readonly answer: SessionAnswer }
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'viewed'; readonly view: SessionView }
  | { readonly type: 'ended'; readonly reason: LiveEvents['ended']['reason'] }
  | { readonly type: 'cleared' }
  | { readonly type: 'reply-text'; readonly turnId: string; readonly delta: string }
  | { readonly type: 'reply-complete'; readonly turnId: string; readonly message: MessageView }
  | { readonly type: 'turn-sent'; readonly id: string; readonly text: string; readonly at: number }
  | { readonly type: 'turn-started'; readonly id: string; readonly turnId: string; readonly notice?: 'expired' }
  | { readonly type: 'turn-text'; readonly id: string; readonly delta: string }
  | { readonly type: 'turn-tool'; readonly id: string; readonly tool: ToolNote }
  | { readonly type: 'turn-complete'; readonly id: string; readonly message: MessageView }
  | { readonly type: 'turn-failed'; readonly id: string; readonly error: ErrorAnswer }
  | { readonly type: 'turn-dismissed'; readonly id: string }
  | { readonly type: 'turn-silent'; readonly id: string }
  | { readonly type: 'asked'; readonly wish: Wish }
  | { readonly type: 'answered' }
  | { readonly type: 'refused'; readonly problem: ErrorAnswer }
  | { readonly type: 'problem-dismissed' }
  | { readonly type: 'notice-dismissed' }
  | { readonly type: 'keys-changed'; readonly keys: KeysView }
  | { readonly type: 'overlay-opened'; readonly overlay: NonNullable<PageState['overlay']> }
  | { readonly type: 'overlay-closed'; readonly overlay: PageState['overlay'] };

export const INITIAL_PAGE: PageState = {
  isLoaded: false,
  connection: 'connecting',
  session: null,
  keys: null,
  overlay: null,
  turns: [],
  ownTurnIds: [],
  liveReplies: [],
  silentTurnIds: [],
  notice: null,
  asking: null,
  problem: null,
  paidAmount: null,
  round: 0,
};

/** What a failed turn asks of the visitor, by its error's code. */
const OVERLAYS: Readonly<Record<string, PageState['overlay']>> = {
  QUOTA_EXCEEDED: 'quota',
  KEY_REQUIRED: 'keys',
  KEY_INVALID: 'keys',
  MODEL_UNAVAILABLE: 'keys',
};

export function reducePage(state: PageState, action: PageAction): PageState {
  switch (action.type) {
    case 'loaded': {
      const { session, keys, notice } = action.answer;
      const loaded = { ...state, isLoaded: true, keys, connection: 'online', notice: notice ?? state.notice } as const;
      return session ? showView(loaded, session) : { ...loaded, session: null, liveReplies: [], paidAmount: null };
    }
    case 'connected':
      return { ...state, connection: 'online' };
    case 'disconnected':
      return { ...state, connection: 'offline', liveReplies: [] };
    case 'viewed': {
      if (state.session && action.view.revision < state.session.revision) return state;
      const view = withKnownMessages(action.view, state.session);
      return view ? showView(state, view) : state;
    }
    case 'ended':
      if (action.reason === 'shutdown') return state;
      return action.reason === 'reset'
        ? clearPage(state)
        : { ...startAnew(state), turns: state.turns, ownTurnIds: state.ownTurnIds, notice: 'expired' };
    case 'cleared':
      return clearPage(state);
    case 'reply-text':
      if (state.ownTurnIds.includes(action.turnId) || replyTo(action.turnId, state.session)) return state;
      return { ...state, liveReplies: extendReply(state.liveReplies, action.turnId, action.delta) };
    case 'reply-complete':
      return settle({ ...state, liveReplies: completeReply(state.liveReplies, action.turnId, action.message) });
    case 'turn-sent':
      return { ...state, notice: null, ownTurnIds: [...state.ownTurnIds, action.id], turns: startTurn(state.turns, action) };
    case 'turn-started':
      return {
        // Views of the new session count from one again, so the old one must not stand in their way.
        ...(action.notice ? { ...startAnew(state), turns: state.turns, notice: action.notice } : state),
        ownTurnIds: [...state.ownTurnIds, action.turnId],
        liveReplies: state.liveReplies.filter((reply) => reply.turnId !== action.turnId),
      };
    case 'turn-text':
      return { ...state, turns: changeTurn(state.turns, action.id, (turn) => ({ reply: turn.reply + action.delta })) };
    case 'turn-tool':
      return { ...state, turns: changeTurn(state.turns, action.id, (turn) => addTool(turn, action.tool)) };
    case 'turn-complete':
      return settle({ ...state, turns: changeTurn(state.turns, action.id, () => ({ status: 'complete', message: action.message })) });
    case 'turn-failed':
      return settle({
        ...state,
        overlay: OVERLAYS[action.error.error] ?? state.overlay,
        turns: changeTurn(state.turns, action.id, () => ({ status: 'failed', error: action.error })),
      });
    case 'turn-dismissed':
      return { ...state, turns: state.turns.filter((turn) => turn.id !== action.id) };
    case 'turn-silent':
      return { ...state, silentTurnIds: [...state.silentTurnIds, action.id] };
    case 'asked':
      return { ...state, asking: action.wish, problem: null };
    case 'answered':
      return { ...state, asking: null };
    case 'refused':
      return { ...state, asking: null, problem: action.problem };
    case 'problem-dismissed':
      return { ...state, problem: null };
    case 'notice-dismissed':
      return { ...state, notice: null };
    case 'keys-changed':
      return { ...state, keys: action.keys };
    case 'overlay-opened':
      return { ...state, overlay: action.overlay };
    case 'overlay-closed':
      // One that makes way for another tells of its end after the other has opened.
      return action.overlay === state.overlay ? { ...state, overlay: null } : state;
  }
}

function clearPage(state: PageState): PageState {
  return { ...startAnew(state), round: state.round + 1 };
}

function startAnew({ connection, round }: PageState): PageState {
  return { ...INITIAL_PAGE, isLoaded: true, connection, round };
}

/** The view with the messages before its first one; null when the page has missed some of them. */
function withKnownMessages({ messagesFrom, ...view }: SessionView, session: SessionView | null): SessionView | null {
  const known = session?.messages.slice(0, messagesFrom) ?? [];
  return known.length < messagesFrom ? null : { ...view, messagesFrom: 0, messages: [...known, ...view.messages] };
}

function showView(state: PageState, view: SessionView): PageState {
  const paidAmount = paidBetween(state.session?.payment, view.payment, state.paidAmount);
  return settle({ ...state, isLoaded: true, session: view, keys: view.keys, paidAmount });
}

/** Lets go of what the session itself shows by now. */
function settle(state: PageState): PageState {
  const { session } = state;
  if (!session) return state;
  return {
    ...state,
    turns: state.turns.filter((turn) => !isAnswered(turn, session)),
    liveReplies: state.liveReplies.filter((reply) => !isShown(reply, session)),
  };
}
