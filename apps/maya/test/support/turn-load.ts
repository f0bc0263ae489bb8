import { setTimeout as sleep } from 'node:timers/promises';
import type { Hono } from 'hono';

export interface TurnLoadOptions {
  readonly passes: number;
  /** How long each guest waits between two messages: as long as the limit of a session makes them, 6,000, is as fast as they can be. */
  readonly everyMs: number;
}

/** Guests who all talk at once, each at a pace of their own, without a network between them and the bar. */
export class TurnLoad {
  readonly #app: Hono;
  readonly #guests: number;
  readonly #cookies: (string | undefined)[] = [];
  #said = 0;

  constructor(app: Hono, guests: number) {
    this.#app = app;
    this.#guests = guests;
  }

  /** Everybody says something, one after the other within one pause; again for each further pass. Gives how long each turn took, in ms. */
  async run({ passes, everyMs }: TurnLoadOptions): Promise<readonly number[]> {
    const guests = this.#guests;
    const began = performance.now();
    const guest = async (index: number): Promise<number[]> => {
      const took: number[] = [];
      for (let pass = 0; pass < passes; pass++) {
        await sleep(Math.max(0, began + everyMs * (pass + index / guests) - performance.now()));
        took.push(await this.#say(index, SAYINGS[(index + pass) % SAYINGS.length] ?? ''));
      }
      return took;
    };
    return (await Promise.all(Array.from({ length: guests }, (_, index) => guest(index)))).flat();
  }

  async #say(guest: number, text: string): Promise<number> {
    const cookie = this.#cookies[guest];
    const body = JSON.stringify({ id: `m${this.#said++}`, text });
    // The length is what every browser says, too.
    const init = { method: 'POST', headers: { 'content-length': String(body.length), ...(cookie !== undefined && { cookie }) }, body };
    const began = performance.now();
    const response = await this.#app.request('http://localhost/api/chat', init);
    const events = await response.text();
    const took = performance.now() - began;
    if (!events.includes('event: complete')) throw new Error(`A turn did not come to its end: ${events.slice(-300)}`);
    this.#cookies[guest] ??= response.headers.getSetCookie()[0]?.split(';')[0];
    return took;
  }
}

/** Each of them orders, so that each turn has its three commits: the message, the order, the reply. */
const SAYINGS = ['a tap beer please', 'one lemonade, please', 'two waters please'] as const;
