import { INJECTION_SIGNS } from './injection-signs.ts';
import { readable } from './readable.ts';
import { TOXICITY_SIGNS } from './toxicity-signs.ts';

/** How much a text looks like what it should not be, each from 0 to 1. */
export interface Scan {
  /** It wants to talk the model out of its instructions, or gives them away. */
  readonly injection: number;
  /** It insults, threatens or hates. */
  readonly toxicity: number;
}

/** Judges a text. One that throws has failed: chat goes on, and nothing that spends money. */
export type Scanner = (text: string) => Scan | Promise<Scan>;

/** What a text of a class has, and how much it says by itself, from 0 to 1. */
export interface Sign {
  readonly pattern: RegExp;
  readonly weight: number;
}

/** The rest of a longer text is not looked at. */
const MOST_CHARACTERS = 4_000;

/**
 * The built-in scanner: a heuristic over written signs, no understanding. It reads the text in two ways, as it stands and with digits and spaced
 * letters taken for the letters they stand for; each sign counts once and independent signs add up: 1 − Π(1 − weight).
 */
export function scanText(text: string): Scan {
  const readings = readable(text.slice(0, MOST_CHARACTERS));
  return { injection: score(INJECTION_SIGNS, readings), toxicity: score(TOXICITY_SIGNS, readings) };
}

function score(signs: readonly Sign[], readings: readonly string[]): number {
  const unlikely = signs
    .filter(({ pattern }) => readings.some((reading) => pattern.test(reading)))
    .reduce((product, { weight }) => product * (1 - weight), 1);
  return 1 - unlikely;
}
