import type { CommitOptions, CommitResult, SyncResult, Transaction } from 'holdfast';
import type { Session, SessionDrafts } from '../session/session.ts';
import type { ClientCall, SessionContext, TurnContext } from '../session/session-context.ts';

/** One call of a tool: it knows its session and turn, and makes the call's commit. */
export class ToolCall {
  readonly session: Session;
  readonly tool: string;
  /** Names the call in the session: turn and place in it, or a name of its own outside of a turn. */
  readonly id: string;
  readonly #turn: TurnContext | undefined;
  readonly #client: ClientCall | undefined;
  readonly #input: unknown;

  constructor({ session, turn, client }: SessionContext, tool: string, input: unknown) {
    this.session = session;
    this.tool = tool;
    this.id = turn ? `${turn.id}/${turn.nextCall()}` : `${client ? 'mcp' : 'page'}.${client?.id ?? crypto.randomUUID()}`;
    this.#turn = turn;
    this.#client = client;
    this.#input = input;
  }

  /** Tells the turn that something was added to the order. */
  ordered(): void {
    this.#turn?.ordered();
  }

  /** Who commits, why, under which lease, and the key that makes the call happen once. */
  get commitOptions(): CommitOptions {
    const origin = { actor: `tool:${this.tool}`, toolCall: this.id };
    const idempotency = { key: `call/${this.id}`, input: [this.tool, this.#input] };
    const [turn, client] = [this.#turn, this.#client];
    if (turn) return { ...origin, cause: turn.id, lease: turn.lease, idempotency };
    if (client) return { ...origin, cause: 'mcp', idempotency };
    return { ...origin, cause: 'page' };
  }

  /** One commit over the session. What the recipe logs with {@link log} stands with the turn even if that is cut off. */
  commit<R>(recipe: (drafts: SessionDrafts, tx: Transaction) => SyncResult<R>): Promise<CommitResult<R>> {
    return this.session.change(recipe, this.commitOptions);
  }

  /** Notes in the call's own commit what it did. */
  log({ conversation }: SessionDrafts, summary: string): void {
    if (this.#turn && conversation.openTurn?.id === this.#turn.id)
      conversation.openTurn.tools.push({ name: this.tool, status: 'ok', summary });
  }
}
