import type { IncomingMessage, ServerResponse } from 'node:http';
import { StandInServer } from './stand-in-server.ts';

/** A part of an answer as the API documents it. */
export type GeminiPart = { readonly text: string } | { readonly functionCall: { readonly name: string; readonly args: object } };

/** How a request is answered: an event for each list of parts, the second one in its own time, or one of the API's errors, or a stream that breaks off, or never comes. */
export type GeminiAnswer =
  | readonly (readonly GeminiPart[])[]
  | { readonly error: keyof typeof ERRORS }
  | { readonly errorInStream: keyof typeof ERRORS }
  | { readonly first: readonly GeminiPart[]; readonly rest: Promise<readonly GeminiPart[]> }
  | { readonly cutAfter: readonly GeminiPart[]; readonly how: 'connection' | 'end' }
  | 'silence';

/** A request for an answer, as it came. */
export interface GeminiRequest {
  readonly model: string;
  readonly key: string | undefined;
  readonly body: {
    readonly contents: readonly { readonly role: string; readonly parts: readonly Record<string, unknown>[] }[];
    readonly systemInstruction?: { readonly parts: readonly { readonly text: string }[] };
    readonly generationConfig: Readonly<Record<string, unknown>>;
    readonly tools: readonly { readonly functionDeclarations: readonly { readonly name: string }[] }[];
  };
}

const ERRORS = {
  quota: [429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.'],
  unauthenticated: [401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.'],
  forbidden: [403, 'PERMISSION_DENIED', 'The caller does not have permission.'],
  broken: [500, 'INTERNAL', 'Failed to generate content.'],
  overloaded: [503, 'UNAVAILABLE', 'The model is overloaded.'],
  badRequest: [400, 'INVALID_ARGUMENT', 'Unable to generate: the rate of this audio is not supported.'],
} as const;

/** An HTTP server that answers like the Gemini API: listing models and `streamGenerateContent` as server-sent events. */
export class GeminiStandIn extends StandInServer {
  /** Keys that it accepts. */
  readonly keys: Set<string> = new Set(['AIzaGoodKeyForTests0123456789']);
  readonly requests: GeminiRequest[] = [];
  /** What listing models comes to, whatever the key; undefined goes by the key. */
  listing: keyof typeof ERRORS | 'hold' | undefined;
  /** Resolves held listings. */
  readonly held: (() => void)[] = [];
  #answers: readonly GeminiAnswer[] = [];

  static async start(): Promise<GeminiStandIn> {
    return await new GeminiStandIn().listen();
  }

  get url(): string {
    return `${this.origin}/v1beta`;
  }

  /** One for each request, in order; the last one again after that. */
  answerWith(...answers: readonly GeminiAnswer[]): void {
    this.#answers = answers;
    this.requests.length = 0;
  }

  protected override async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://stand-in');
    const key = request.headers['x-goog-api-key'] as string | undefined;
    const body = Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString();
    if (url.pathname === '/v1beta/models' && url.searchParams.get('pageSize') === '1') return await this.#list(response, key);
    const model = /^\/v1beta\/models\/([^:]+):streamGenerateContent$/.exec(url.pathname)?.[1];
    if (model === undefined || url.searchParams.get('alt') !== 'sse') return void response.writeHead(404).end();
    if (key === undefined || !this.keys.has(key)) return refuseKey(response);
    this.requests.push({ model, key, body: JSON.parse(body) as GeminiRequest['body'] });
    const answer = this.#answers[Math.min(this.requests.length, this.#answers.length) - 1] ?? 'silence';
    if (answer === 'silence') return;
    if ('error' in answer) return refuse(response, answer.error);
    this.#stream(response, answer);
  }

  async #list(response: ServerResponse, key: string | undefined): Promise<void> {
    if (this.listing === 'hold') await new Promise<void>((resolve) => this.held.push(resolve));
    else if (this.listing !== undefined) return refuse(response, this.listing);
    if (key === undefined || !this.keys.has(key)) return refuseKey(response);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ models: [{ name: 'models/gemini-3.5-flash' }], nextPageToken: 'more' }));
  }

  #stream(response: ServerResponse, answer: Exclude<GeminiAnswer, { readonly error: unknown } | 'silence'>): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const send = (event: object): void => void response.write(`data: ${JSON.stringify(event)}\r\n\r\n`);
    const sendParts = (parts: readonly GeminiPart[], finishReason?: string): void =>
      send({
        candidates: [{ content: { parts: parts.map(signed), role: 'model' }, index: 0, ...(finishReason && { finishReason }) }],
        modelVersion: 'test',
      });
    if ('errorInStream' in answer) {
      sendParts([{ text: 'Well' }]);
      send(errorBody(answer.errorInStream));
      response.end();
    } else if ('cutAfter' in answer) {
      sendParts(answer.cutAfter);
      if (answer.how === 'end') response.end();
      else setImmediate(() => response.destroy());
    } else if ('rest' in answer) {
      sendParts(answer.first);
      void answer.rest.then((parts) => {
        sendParts(parts, 'STOP');
        response.end();
      });
    } else {
      answer.forEach((parts, index) => sendParts(parts, index === answer.length - 1 ? 'STOP' : undefined));
      response.end();
    }
  }
}

/** Calls are signed, and the signature must come back with them. */
function signed(part: GeminiPart): object {
  return 'functionCall' in part ? { ...part, thoughtSignature: 'c2lnbmVk' } : part;
}

function errorBody(name: keyof typeof ERRORS): object {
  const [code, status, message] = ERRORS[name];
  return { error: { code, message, status } };
}

function refuse(response: ServerResponse, name: keyof typeof ERRORS): void {
  response.writeHead(ERRORS[name][0], { 'content-type': 'application/json' }).end(JSON.stringify(errorBody(name)));
}

function refuseKey(response: ServerResponse): void {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }];
  const error = { code: 400, message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT', details };
  response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
}
