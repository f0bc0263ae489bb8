import type { Logger } from 'pino';
import type { Scanner } from './scanner.ts';

export interface SafetyOptions {
  readonly scanner: Scanner;
  /** From 0 to 1: a text that scores as much or more is blocked. */
  readonly thresholds: { readonly injection: number; readonly toxicity: number };
  readonly log: Logger;
}

/** `failed`: nobody can tell, so nothing that spends money may come of it. */
export type Verdict = 'fine' | 'injection' | 'toxicity' | 'failed';

/** What Maya says instead of going into a message, or of going on with an answer. */
export const INSTEAD: Readonly<Record<'injection' | 'toxicity' | 'output', string>> = {
  injection: 'Nice try, but at this counter I only take orders for drinks. What can I get you?',
  toxicity: 'Let us keep it friendly in here, please. What can I get you?',
  output: 'Let me put that differently: what can I get you?',
};

/** Judges what guests say and what Maya is about to say. */
export class Safety {
  readonly #options: SafetyOptions;

  constructor(options: SafetyOptions) {
    this.#options = options;
  }

  /** Never rejects. The log has the scores, not the text. */
  async judge(text: string, what: 'input' | 'output'): Promise<Verdict> {
    const { scanner, thresholds, log } = this.#options;
    try {
      const { injection, toxicity } = await scanner(text);
      const verdict = injection >= thresholds.injection ? 'injection' : toxicity >= thresholds.toxicity ? 'toxicity' : 'fine';
      if (verdict !== 'fine') log.info({ what, verdict, injection, toxicity }, 'a text was blocked');
      return verdict;
    } catch (error) {
      log.error({ err: error, what }, 'a scanner failed, so nothing is sold in this turn');
      return 'failed';
    }
  }
}
