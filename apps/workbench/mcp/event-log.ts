import { randomUUID } from 'node:crypto';
import type { EventStore, JSONRPCMessage } from '@modelcontextprotocol/server';

/** A client that was away for longer than these messages took reads again what it needs. */
const MOST = 200;

interface LoggedEvent {
  readonly id: string;
  readonly stream: string;
  readonly message: JSONRPCMessage;
}

/** The newest messages of one connection, for a client that lost its stream and comes back for what it missed. */
export class EventLog implements EventStore {
  #events: LoggedEvent[] = [];

  storeEvent(stream: string, message: JSONRPCMessage): Promise<string> {
    const id = randomUUID();
    this.#events.push({ id, stream, message });
    if (this.#events.length > 2 * MOST) this.#events = this.#events.slice(-MOST);
    return Promise.resolve(id);
  }

  getStreamIdForEventId(id: string): Promise<string | undefined> {
    return Promise.resolve(this.#events.find((event) => event.id === id)?.stream);
  }

  async replayEventsAfter(
    lastId: string,
    { send }: { readonly send: (id: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string> {
    const at = this.#events.findIndex(({ id }) => id === lastId);
    const stream = this.#events[at]?.stream ?? '';
    for (const event of this.#events.slice(at + 1)) if (event.stream === stream) await send(event.id, event.message);
    return stream;
  }
}
