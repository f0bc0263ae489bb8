import type { ErrorAnswer, MessageView, SessionView } from '../../../server/http/contract.ts';

/** What a tool did, in a line. */
export type ToolNote = NonNullable<MessageView['tools']>[number];

/** A message that this page sent, until the session shows its reply. */
export interface Turn {
  /** Made by the page; the message happens once however often it is sent. */
  readonly id: string;
  readonly text: string;
  /** Epoch ms. */
  readonly at: number;
  readonly status: 'running' | 'complete' | 'failed';
  /** The reply as far as it has been spoken. */
  readonly reply: string;
  readonly tools: readonly ToolNote[];
  /** The whole reply, once complete. */
  readonly message?: MessageView;
  /** Why it failed. */
  readonly error?: ErrorAnswer;
}

/** Starts a turn, or starts it over in its place when it was sent before. */
export function startTurn(turns: readonly Turn[], sent: Pick<Turn, 'id' | 'text' | 'at'>): readonly Turn[] {
  const turn: Turn = { id: sent.id, text: sent.text, at: sent.at, status: 'running', reply: '', tools: [] };
  if (!turns.some(({ id }) => id === sent.id)) return [...turns, turn];
  return turns.map((old) => (old.id === sent.id ? { ...turn, at: old.at } : old));
}

/** Changes one turn; nothing when it is no longer there, as when the session already shows its reply. */
export function changeTurn(turns: readonly Turn[], id: string, change: (turn: Turn) => Partial<Turn>): readonly Turn[] {
  return turns.map((turn) => (turn.id === id ? { ...turn, ...change(turn) } : turn));
}

export function addTool(turn: Turn, { name, status, summary }: ToolNote): Partial<Turn> {
  return { tools: [...turn.tools, { name, status, summary }] };
}

/** The reply that the session holds to a message. What Maya said of a tip or a payment meanwhile is none. */
export function replyTo(messageId: string, session: SessionView | null): MessageView | undefined {
  return session?.messages.find(({ id }) => id === `${messageId}.reply`);
}

/**
 * Whether the session shows the turn's reply, also when this page was cut off and did not hear it. What the server said of a turn
 * that it could not finish is not lost to the cut-off reply.
 */
export function isAnswered(turn: Turn, session: SessionView): boolean {
  const reply = replyTo(turn.id, session) ?? session.messages.find(({ id }) => id === turn.message?.id);
  if (!reply) return false;
  return !reply.isCutOff || turn.error === undefined || turn.error.error === 'NETWORK_ERROR';
}
