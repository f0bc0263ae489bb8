import { randomUUID } from 'node:crypto';
import type { ErrorAnswer, MessageView, SessionAnswer, SessionView } from '../../server/http/contract.ts';
import { readEvents, type ReceivedEvent } from './read-events.ts';

/** The answer to a message: all events of its turn, or the refusal. */
export interface Heard {
  readonly status: number;
  readonly events: readonly ReceivedEvent[];
  /** The reply of the event `complete`. */
  readonly reply: MessageView | undefined;
  readonly error: ErrorAnswer | undefined;
}

/** Somebody with a browser: it keeps the cookie and talks HTTP. */
export class Visitor {
  readonly #url: string;
  cookie: string | undefined;

  constructor(url: string, cookie?: string) {
    this.#url = url;
    this.cookie = cookie;
  }

  /** The id that the cookie is signed for. */
  get sessionId(): string {
    return /^maya_session=([\w-]{22})\.[\w-]{43}$/.exec(this.cookie ?? '')![1]!;
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...(this.cookie !== undefined && { cookie: this.cookie }), ...(init.headers as Record<string, string> | undefined) };
    const response = await fetch(new URL(path, this.#url), { redirect: 'manual', ...init, headers });
    const [set] = response.headers.getSetCookie();
    if (set !== undefined) this.cookie = set.split(';')[0];
    return response;
  }

  async post(path: string, body?: unknown): Promise<Response> {
    return await this.request(path, { method: 'POST', ...(body !== undefined && { body: JSON.stringify(body) }) });
  }

  /** Sends a message and hears the turn to its end. */
  async say(text: string, id: string = randomUUID()): Promise<Heard> {
    const response = await this.post('/api/chat', { id, text });
    if (response.status !== 200)
      return { status: response.status, events: [], reply: undefined, error: (await response.json()) as ErrorAnswer };
    const events = await Array.fromAsync(readEvents(response));
    const complete = events.find(({ name }) => name === 'complete')?.data as { message: MessageView } | undefined;
    return {
      status: 200,
      events,
      reply: complete?.message,
      error: events.find(({ name }) => name === 'error')?.data as ErrorAnswer | undefined,
    };
  }

  async answer(): Promise<SessionAnswer> {
    return (await (await this.request('/api/session')).json()) as SessionAnswer;
  }

  /** The session as the page would show it. */
  async session(): Promise<SessionView> {
    return (await this.answer()).session!;
  }

  /** Asks for the session until it is as wished; the test's own timeout ends it. */
  async until(isWished: (session: SessionView) => boolean): Promise<SessionView> {
    for (;;) {
      const session = await this.session();
      if (isWished(session)) return session;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** What the page's live stream brings, from now on. */
  async live(signal: AbortSignal): Promise<AsyncGenerator<ReceivedEvent, void, undefined>> {
    return readEvents(await this.request('/api/events', { signal }));
  }
}
