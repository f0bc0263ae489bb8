import { LogLevel, WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebClient } from '@slack/web-api';
import type { Secret } from 'holdfast';
import { ServiceError } from '../service-error.ts';
import { SlackMessage, SlackTs, type OutgoingMessage, type SlackUser } from './slack-message.ts';

const PAGE = 200;
const TIMEOUT_MS = 30_000;
/** Of one reading; what is older is not gone after. */
const MOST_PAGES = 10;
/** Type of the metadata by which a message that was sent is found again. */
const EVENT_TYPE = 'workbench_message';

/** Answers that say that nothing was done because of who asks. */
const NOT_LET_IN = [
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'no_permission',
  'missing_scope',
  'access_denied',
];
/** Answers after which something may have been done. */
const UNCLEAR = ['internal_error', 'fatal_error', 'request_timeout', 'service_unavailable', 'team_added_to_org'];

export interface SlackClientOptions {
  readonly token: Secret;
  /** Default: Slack's. */
  readonly apiUrl?: string;
}

/** What the daemon asks of Slack, by its official client. Everything throws {ServiceError}, without the token. */
export class SlackClient {
  readonly #web: WebClient;

  constructor({ token, apiUrl }: SlackClientOptions) {
    this.#web = new WebClient(token.reveal(), {
      ...(apiUrl !== undefined && { slackApiUrl: apiUrl }),
      // Who asks again, and when, is decided by the daemon: a message must not be sent twice.
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: TIMEOUT_MS,
      logLevel: LogLevel.ERROR,
      logger: SILENT,
    });
  }

  /** Whose token it is. */
  async whoAmI(): Promise<{ readonly userId: string; readonly team: string }> {
    const { user_id, team } = await asked(this.#web.auth.test());
    return { userId: user_id ?? '', team: team ?? '' };
  }

  /** Messages of a channel after a time, oldest first; `isWhole` is false when there were too many and the oldest are missing. */
  async history(channel: string, after: string): Promise<{ readonly messages: readonly SlackMessage[]; readonly isWhole: boolean }> {
    const messages = new Map<string, SlackMessage>();
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const answer = await asked(
        this.#web.conversations.history({ channel, oldest: after, limit: PAGE, ...(cursor !== undefined && { cursor }) }),
      );
      for (const message of answer.messages ?? []) for (const read of messageOf(message)) messages.set(read.ts, read);
      cursor = nextCursor(answer);
      if (cursor === undefined) break;
    }
    const ordered = [...messages.values()].toSorted((a, b) => Number(a.ts) - Number(b.ts));
    return { messages: ordered, isWhole: cursor === undefined };
  }

  /**
   * Sends a message that can be found again by its key; gives its time.
   * @throws {ServiceError} `unexpected` when it certainly was not sent and never will be, `busy` and `refused` when it was not sent, `away` when nobody knows.
   */
  async send({ channel, text, thread_ts }: OutgoingMessage, key: string): Promise<string> {
    const answer = await asked(
      this.#web.chat.postMessage({
        channel,
        text,
        ...(thread_ts !== null && { thread_ts }),
        metadata: { event_type: EVENT_TYPE, event_payload: { key } },
        unfurl_links: false,
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- It is Slack's method, not a window's.
      }),
    );
    const ts = SlackTs.safeParse(answer.ts);
    if (!ts.success) throw new ServiceError('away', 'Slack took a message and did not say under which time.');
    return ts.data;
  }

  /** The time of a message that was sent with a key, after a time; undefined when there is none. Looks through all messages since. */
  async find({ channel, thread_ts }: OutgoingMessage, key: string, after: string): Promise<string | undefined> {
    let cursor: string | undefined;
    do {
      const page = { channel, oldest: after, limit: PAGE, include_all_metadata: true, ...(cursor !== undefined && { cursor }) };
      const answer = await asked(
        thread_ts === null ? this.#web.conversations.history(page) : this.#web.conversations.replies({ ...page, ts: thread_ts }),
      );
      const found = answer.messages?.find((message) => keyOf(message.metadata) === key);
      if (found?.ts !== undefined) return found.ts;
      const next = nextCursor(answer);
      if (next !== undefined && next === cursor) throw new ServiceError('unexpected', 'Slack names the same page as the next one.');
      cursor = next;
    } while (cursor !== undefined);
    return undefined;
  }

  /** Undefined when there is no such user. */
  async user(id: string): Promise<SlackUser | undefined> {
    try {
      const { user } = await asked(this.#web.users.info({ user: id }));
      return { id, name: (user?.name ?? '').slice(0, 200), real_name: (user?.real_name ?? '').slice(0, 200) };
    } catch (error) {
      if (error instanceof ServiceError && error.fault === 'unexpected') return undefined;
      throw error;
    }
  }
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw faultOf(error);
  }
}

function faultOf(error: unknown): ServiceError {
  if (error instanceof WebAPIRateLimitedError)
    return new ServiceError('busy', 'Slack was asked too often.', { retryAfterMs: error.retryAfter * 1_000 });
  if (error instanceof WebAPIPlatformError) {
    const why = error.data.error.slice(0, 100);
    if (why === 'ratelimited') return new ServiceError('busy', 'Slack was asked too often.', { retryAfterMs: 60_000 });
    if (NOT_LET_IN.includes(why))
      return new ServiceError('refused', `Slack does not accept the token (${why}): check it in the configuration.`);
    if (UNCLEAR.includes(why)) return new ServiceError('away', `Slack has a fault of its own (${why}).`);
    return new ServiceError('unexpected', `Slack refuses (${why}).`);
  }
  if (error instanceof WebAPIHTTPError) return new ServiceError('away', `Slack has a fault of its own (${error.statusCode}).`);
  return new ServiceError('away', 'Slack cannot be reached.');
}

function messageOf(message: {
  readonly ts?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly text?: string;
  readonly thread_ts?: string;
}): readonly SlackMessage[] {
  const { ts, user, bot_id, text = '', thread_ts = null } = message;
  const read = SlackMessage.safeParse({ ts, user: user ?? bot_id ?? null, text, thread_ts });
  return read.success ? [read.data] : [];
}

/** Slack says an empty one where there is no more. */
function nextCursor({ response_metadata }: { readonly response_metadata?: { readonly next_cursor?: string } }): string | undefined {
  return response_metadata?.next_cursor || undefined;
}

function keyOf(metadata: unknown): unknown {
  const { event_type, event_payload } = (metadata ?? {}) as {
    readonly event_type?: unknown;
    readonly event_payload?: { readonly key?: unknown };
  };
  return event_type === EVENT_TYPE ? event_payload?.key : undefined;
}

const nothing = (): void => undefined;
/** What the client would say, our own log says. */
const SILENT = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  setName: nothing,
  getLevel: () => LogLevel.ERROR,
};
