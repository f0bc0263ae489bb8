import type { SessionView } from '../../server/http/contract.ts';
import type { ReceivedEvent } from './read-events.ts';

/** A live stream, and the session as its events make it. */
export class LiveViews {
  readonly #events: AsyncGenerator<ReceivedEvent, void, undefined>;
  #session: SessionView | undefined;
  /** The events `state` so far, as they came. */
  readonly sent: SessionView[] = [];

  constructor(events: AsyncGenerator<ReceivedEvent, void, undefined>) {
    this.#events = events;
  }

  /** The session when it is next as wished; what it was before is skipped. */
  async next(isWished: (session: SessionView) => boolean = () => true): Promise<SessionView> {
    for (let next = await this.#events.next(); !next.done; next = await this.#events.next()) {
      if (next.value.name !== 'state') continue;
      const view = next.value.data as SessionView;
      const known = this.#session?.messages.slice(0, view.messagesFrom) ?? [];
      if (known.length < view.messagesFrom) throw new Error(`Of ${view.messagesFrom} messages before only ${known.length} were sent.`);
      this.sent.push(view);
      this.#session = { ...view, messagesFrom: 0, messages: [...known, ...view.messages] };
      if (isWished(this.#session)) return this.#session;
    }
    throw new Error('The stream ended.');
  }

  /** Every further event, to the end of the stream. */
  async rest(): Promise<ReceivedEvent[]> {
    return await Array.fromAsync(this.#events);
  }
}
