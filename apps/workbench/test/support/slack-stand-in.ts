import { HttpStandIn, type ReceivedRequest, type StandInAnswer } from './http-stand-in.ts';

/** A message as Slack has it. */
export interface PostedMessage {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly thread_ts?: string;
  readonly metadata?: { readonly event_type: string; readonly event_payload: { readonly key: string } };
}

/** Slack's Web API over HTTP, as far as the daemon asks it: bearer tokens, forms, `ok` and `error`, cursors, and 429 with `Retry-After`. */
export class SlackStandIn implements AsyncDisposable {
  readonly token: string = 'xoxb-good';
  /** By channel, oldest first. */
  readonly channels: Map<string, PostedMessage[]> = new Map();
  readonly users: Map<string, { readonly name: string; readonly real_name: string }> = new Map();
  /** Asked before Slack would answer: another answer, or nothing for Slack's own. */
  before: (method: string, form: URLSearchParams) => StandInAnswer | undefined = () => undefined;
  /** Told of a message when it is there and its sender does not know it yet; may answer something else. */
  onPosted: (message: PostedMessage) => StandInAnswer | undefined = () => undefined;
  #http: HttpStandIn | undefined;
  #count = 0;

  static async start(...channels: readonly string[]): Promise<SlackStandIn> {
    const slack = new SlackStandIn();
    for (const channel of channels) slack.channels.set(channel, []);
    slack.#http = await HttpStandIn.start((request) => slack.#answer(request));
    return slack;
  }

  get url(): string {
    return `${this.#http?.url}/api/`;
  }

  /** Names of the methods that were asked for, in order. */
  get calls(): readonly string[] {
    return this.#http?.requests.map(({ url }) => url.pathname.slice('/api/'.length)) ?? [];
  }

  /** A message of somebody. */
  say(channel: string, text: string, more: Partial<PostedMessage> = {}): PostedMessage {
    this.#count += 1;
    const ts = `${Math.floor(Date.now() / 1_000)}.${String(this.#count).padStart(6, '0')}`;
    const message = { ts, user: 'U1', text, ...more };
    this.channels.get(channel)?.push(message);
    return message;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#http?.[Symbol.asyncDispose]();
  }

  #answer({ url, headers, body }: ReceivedRequest): StandInAnswer {
    const method = url.pathname.slice('/api/'.length);
    const form = new URLSearchParams(body);
    const other = this.before(method, form);
    if (other) return other;
    if (headers.authorization !== `Bearer ${this.token}`) return refusal('invalid_auth');
    if (method === 'auth.test') return { body: { ok: true, user_id: 'U0', team: 'Team', url: 'https://team.slack.com/' } };
    if (method === 'users.info') return this.#user(form.get('user') ?? '');
    const messages = this.channels.get(form.get('channel') ?? '');
    if (!messages) return refusal('channel_not_found');
    if (method === 'chat.postMessage') return this.#post(form);
    if (method === 'conversations.history')
      return page(
        messages.filter(({ thread_ts, ts }) => thread_ts === undefined || thread_ts === ts),
        form,
      );
    if (method === 'conversations.replies')
      return page(
        messages.filter(({ thread_ts, ts }) => (thread_ts ?? ts) === form.get('ts')),
        form,
      );
    return refusal('unknown_method');
  }

  #user(id: string): StandInAnswer {
    const user = this.users.get(id);
    return user ? { body: { ok: true, user: { id, ...user } } } : refusal('user_not_found');
  }

  #post(form: URLSearchParams): StandInAnswer {
    const [channel = '', text = '', thread, metadata] = ['channel', 'text', 'thread_ts', 'metadata'].map(
      (name) => form.get(name) ?? undefined,
    );
    const more = metadata === undefined ? {} : { metadata: JSON.parse(metadata) as NonNullable<PostedMessage['metadata']> };
    const message = this.say(channel, text, { user: 'U0', ...(thread !== undefined && { thread_ts: thread }), ...more });
    return this.onPosted(message) ?? { body: { ok: true, channel, ts: message.ts, message } };
  }
}

function refusal(error: string): StandInAnswer {
  return { body: { ok: false, error } };
}

/** Newest first, from behind `oldest`; the cursor is where the next page begins. */
function page(messages: readonly PostedMessage[], form: URLSearchParams): StandInAnswer {
  const limit = Number(form.get('limit') ?? 100);
  const from = Number(form.get('cursor') ?? 0);
  const since = messages.filter(({ ts }) => Number(ts) > Number(form.get('oldest') ?? 0)).toReversed();
  const withMetadata = form.get('include_all_metadata') === 'true';
  const shown = since
    .slice(from, from + limit)
    .map(({ metadata, ...message }) => ({ type: 'message', ...message, ...(withMetadata && { metadata }) }));
  const isMore = since.length > from + limit;
  return { body: { ok: true, messages: shown, has_more: isMore, response_metadata: { next_cursor: isMore ? String(from + limit) : '' } } };
}
