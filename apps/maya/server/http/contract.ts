/** What the page and the server say to one another. Types only, so that the page can import them. Money is in minor units of `currency`. */

/** The emotions that Maya's replies carry. */
export type Emotion = 'neutral' | 'happy' | 'flustered' | 'thinking' | 'mixing' | 'upset';

/** A session as a page shows it: the answer of most routes, with all its messages, and the event `state`, with those that are new. */
export interface SessionView {
  /** Grows with every commit of the session; an older view must not replace a newer one. */
  readonly revision: number;
  readonly phase: 'greeting' | 'order_taking' | 'small_talk' | 'reorder_prompt';
  /**
   * How many messages stand before the first of `messages`. None is ever changed or taken out, so that a page keeps those that it has. One that has fewer
   * has missed some, and waits for its live stream.
   */
  readonly messagesFrom: number;
  readonly messages: readonly MessageView[];
  readonly order: OrderView;
  readonly payment: PaymentView;
  readonly keys: KeysView;
  /** Whether a turn is running now, whichever page it was sent from. */
  readonly isBusy: boolean;
}

export interface MessageView {
  /** That of a reply is the id of its message with `.reply` behind it. */
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly emotion?: Emotion;
  /** Tools that ran before this reply, in order. */
  readonly tools?: readonly { readonly name: string; readonly status: 'ok' | 'error'; readonly summary: string }[];
  /** The reply was cut off by the end of the server; what its tools did stands. */
  readonly isCutOff?: boolean;
  /** Epoch ms. */
  readonly at: number;
}

export interface OrderView {
  readonly items: readonly {
    readonly name: string;
    readonly quantity: number;
    readonly modifiers: readonly string[];
    readonly unitPrice: number;
    readonly lineTotal: number;
  }[];
  readonly isFinished: boolean;
}

export interface PaymentView {
  readonly currency: string;
  readonly balance: number;
  readonly tab: number;
  readonly tipPercentage: 10 | 15 | 20 | null;
  readonly tip: number;
  /** Tab and tip. */
  readonly total: number;
  readonly paidTotal: number;
  /** What the payment under way is for, tab and tip; null when none is. Drinks ordered since are on the tab and not in it. */
  readonly charging: number | null;
  readonly status: 'pending' | 'processing' | 'completed';
  /** Where to confirm the payment while it is processing. */
  readonly link: string | null;
  /** The outcome of a charge is not known; nothing can be paid until it is. */
  readonly needsReconciliation: boolean;
  /** Payments go to the built-in provider, which moves no real money. */
  readonly isSimulated: boolean;
  /** False where the bar has no payment provider: the tab just stays open. */
  readonly takesPayments: boolean;
}

/** Where a key comes from: the guest gave it, the server has one, or there is none; `unreadable`: the guest's cannot be decrypted (any more). */
export type KeySource = 'session' | 'server' | 'none' | 'unreadable';

/** `GET /api/keys`, and the answer to `POST` and `DELETE`. Never the keys themselves. */
export interface KeysView {
  readonly gemini: KeySource;
  readonly cartesia: KeySource;
  /** No message is answered before a Gemini key is given. */
  readonly isGeminiNeeded: boolean;
}

/** Body of `POST /api/keys`: each key is checked with its service; one that is left out or empty stays as it was. Makes a session when there is none. */
export interface KeysRequest {
  readonly gemini?: string;
  readonly cartesia?: string;
}

/** `GET /api/session`: null when there is no session yet, which the first message makes. `expired`: the visitor had one. */
export interface SessionAnswer {
  readonly session: SessionView | null;
  /** As the session has them; without one, what the server has. */
  readonly keys: KeysView;
  readonly notice?: 'expired';
}

/** `POST /api/session/link`: for another device, once and until `expiresAt` (epoch ms). Relative to the page where the bar has no public address. */
export interface ContinueAnswer {
  readonly link: string;
  readonly expiresAt: number;
}

/**
 * Body of `POST /api/chat`; the answer is a stream of server-sent events whose names are the keys of {@link ChatEvents}.
 * `id` is made by the page and makes the message happen once: sending it again gives the same turn.
 */
export interface ChatRequest {
  readonly id: string;
  readonly text: string;
  /** Whether the reply is to be spoken. Default false. */
  readonly isSpoken?: boolean;
}

/**
 * Server-sent events of a turn, in this order: `session`, then any of `text`, `tool`, `state`, then `complete` or `error`. Of a turn that is
 * spoken also `sentence` and `audio`, from the first text on; these may go on after `complete`, and the stream ends with the last of them.
 */
export interface ChatEvents {
  /** `notice`: the visitor had a session that has ended, and this message began a new one. */
  readonly session: { readonly turnId: string; readonly notice?: 'expired' };
  readonly text: { readonly turnId: string; readonly delta: string };
  readonly tool: { readonly turnId: string; readonly name: string; readonly status: 'ok' | 'error'; readonly summary: string };
  readonly state: SessionView;
  /** What is said now, in the words of speech: by its `audio`, or, without a key of Cartesia, by the browser's own voice. `index` counts from 0. */
  readonly sentence: { readonly turnId: string; readonly index: number; readonly spoken: string; readonly voice: 'cartesia' | 'browser' };
  /** A sentence as a WAV file (24 kHz, 32-bit float) in base64; null: it could not be said, and nothing more of this turn will be. */
  readonly audio: { readonly turnId: string; readonly index: number; readonly wav: string | null };
  readonly complete: { readonly turnId: string; readonly message: MessageView };
  readonly error: ErrorAnswer;
}

/**
 * `GET /api/events`: a live stream for every open page of a session: `state` at once, with all messages, and after every commit, with those since; `text`
 * of a turn that another page sent.
 */
export type LiveEvents = Pick<ChatEvents, 'state' | 'text' | 'complete'> & {
  readonly ended: { readonly reason: 'reset' | 'expired' | 'shutdown' };
};

/** Body of `POST /api/chat/stop`: ends the answer of that message, or of every one under way, where it is. Answer: 204. */
export interface StopRequest {
  readonly id?: string;
}

/** Body of `POST /api/tip`. The percentage that is set already removes it. Answer: SessionView. */
export interface TipRequest {
  readonly percentage: 10 | 15 | 20 | null;
}

/** `POST /api/pay`, `POST /api/pay/cancel`: no body. Answer: SessionView. `POST /api/reset`: 204. */

/** Every refusal: status 4xx or 5xx with this body, or the event `error`. */
export interface ErrorAnswer {
  /**
   * A stable code: one of the tools' error codes; EMPTY_MESSAGE, MESSAGE_TOO_LONG, BAD_REQUEST, CONFLICT, AT_CAPACITY, INTERNAL; of a model QUOTA_EXCEEDED,
   * MODEL_UNREACHABLE, MODEL_FAILED, MODEL_UNAVAILABLE; of keys KEY_REQUIRED, KEY_EMPTY, KEY_INVALID, KEY_QUOTA, KEY_NETWORK, KEY_SERVER_CONFIGURATION, KEY_UNKNOWN.
   */
  readonly error: string;
  /** A sentence for the customer. */
  readonly message: string;
  /** The outcome of a charge is not known, and that is what stands in the way. */
  readonly needsReconciliation?: true;
  /** The key that was not taken. */
  readonly field?: 'gemini' | 'cartesia';
  /** To be found in the server's log. */
  readonly errorId?: string;
}
