import type { IncomingMessage, ServerResponse } from 'node:http';
import { StandInServer } from './stand-in-server.ts';
import { wavOf } from './wav-of.ts';

/** What saying a sentence comes to: its sound, one of the API's refusals, a connection that breaks before or in mid-answer, or no answer. */
export type CartesiaAnswer = 'speak' | 401 | 402 | 429 | 500 | 'drop' | 'cut' | 'silence';

/** A request for speech, as it came. */
export interface SpeechRequest {
  readonly key: string;
  readonly version: string | undefined;
  readonly body: {
    readonly model_id: string;
    readonly voice: unknown;
    readonly transcript: string;
    readonly language?: string;
    readonly output_format: { readonly container: string; readonly encoding: string; readonly sample_rate: number };
  };
}

/** An HTTP server that lists voices and speaks like the Cartesia API. */
export class CartesiaStandIn extends StandInServer {
  /** Keys that it accepts. */
  readonly keys: Set<string> = new Set(['sk_car_good_key']);
  readonly requests: SpeechRequest[] = [];
  #answers: readonly CartesiaAnswer[] = ['speak'];
  /** Set while answers are held back. */
  #held: PromiseWithResolvers<void> | undefined;

  static async start(): Promise<CartesiaStandIn> {
    return await new CartesiaStandIn().listen();
  }

  get url(): string {
    return this.origin;
  }

  /** One for each request for speech, in order; the last one again after that. */
  answerWith(...answers: readonly CartesiaAnswer[]): void {
    this.#answers = answers;
    this.requests.length = 0;
  }

  /** Lets requests for speech wait until `release`. */
  hold(): void {
    this.#held = Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = undefined;
  }

  protected override async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? (request.headers['x-api-key'] as string | undefined) ?? '';
    const isKnown = this.keys.has(key);
    if (request.url?.startsWith('/voices?limit=1')) return answerJson(response, isKnown ? 200 : 401, { data: [], has_more: false });
    if (request.method !== 'POST' || request.url !== '/tts/bytes') return answerJson(response, 404, {});
    const body = JSON.parse(Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>)).toString()) as SpeechRequest['body'];
    this.requests.push({ key, version: request.headers['cartesia-version'] as string | undefined, body });
    await this.#held?.promise;
    if (!isKnown) return refuse(response, 401);
    const answer = this.#answers[Math.min(this.requests.length, this.#answers.length) - 1] ?? 'speak';
    if (answer === 'speak') this.#speak(response, body);
    else if (typeof answer === 'number') refuse(response, answer);
    else if (answer === 'drop') request.socket.destroy();
    else if (answer === 'cut') {
      response.writeHead(200, { 'content-type': 'audio/wav' }).write('RIFF');
      setImmediate(() => response.destroy());
    }
  }

  /** A sample for each letter: short, and its length tells the sentence. */
  #speak(response: ServerResponse, { transcript, output_format }: SpeechRequest['body']): void {
    const samples = Float32Array.from(transcript, (_letter, at) => Math.sin(at) / 4);
    response.writeHead(200, { 'content-type': 'audio/wav' }).end(wavOf(samples, output_format.sample_rate));
  }
}

function answerJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** Errors as the API gives them: an error code, a title and a message. */
function refuse(response: ServerResponse, status: number): void {
  answerJson(response, status, { error_code: 'refused', title: 'Refused', message: 'It was refused.', request_id: 'test' });
}
