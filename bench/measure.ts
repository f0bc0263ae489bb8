import type { BenchGrowth, BenchLine, BenchQuestion, BenchUnit } from './question.ts';

/** The middle of all rounds, and the lowest and highest of them. */
export interface Figure {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export interface SideResult extends Figure {
  readonly name: string;
  /** Only for the sides that the engine is compared with: the engine's figure as a multiple of this side's, round by round. */
  readonly ratio?: Figure;
  /** `≤ 2 ×`, `≥ 0.75 ×` or `≤ 20 ms`, as the question sets it. */
  readonly target?: string;
  /** How far the target is used up: 1 is just reached, 2 twice as bad as that. */
  readonly ofTarget?: number;
}

export interface QuestionResult {
  readonly title: string;
  readonly unit: BenchUnit;
  readonly rounds: number;
  /** The engine comes first; a target of its own is one in the question's unit. */
  readonly sides: readonly SideResult[];
  readonly growth?: Omit<BenchGrowth, 'measure'> & { readonly lines: readonly BenchLine[] };
}

/** Measures all sides of a question by turns, so that what happens on the machine happens to all of them. */
export async function measure(question: BenchQuestion, options: { quick: boolean }): Promise<QuestionResult> {
  const { title, unit, sides, rounds: wanted = 7 } = question;
  const rounds = options.quick ? Math.min(wanted, 3) : wanted;
  const figures = sides.map((): number[] => []);
  try {
    for (const side of sides) await side.open?.(options);
    for (const side of sides) await side.round(options);
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? [...sides.keys()] : [...sides.keys()].toReversed();
      for (const index of order) {
        // What the other side left behind. A full collection would throw away compiled code as well, of whichever side has no object alive that it was compiled for.
        globalThis.gc?.({ type: 'minor' });
        figures[index]?.push(await sides[index]!.round(options));
      }
    }
  } finally {
    for (const side of sides) await side.close?.();
  }
  const [engine = [], ...others] = figures;
  const compared = others.map((other, index) => compare(engine, other, sides[index + 1]!));
  const growth = question.growth && !options.quick && { ...question.growth, lines: await question.growth.measure() };
  return { title, unit, rounds, sides: [judge(question, engine), ...compared], ...(growth && { growth }) };
}

function judge({ sides, unit, atMost }: BenchQuestion, figures: readonly number[]): SideResult {
  const result = { name: sides[0].name, ...summarise(figures) };
  return atMost === undefined ? result : { ...result, target: `≤ ${atMost} ${unit}`, ofTarget: result.median / atMost };
}

function compare(engine: readonly number[], other: readonly number[], { name, target }: BenchQuestion['sides'][number]): SideResult {
  const ratio = summarise(engine.map((figure, round) => figure / (other[round] ?? Number.NaN)));
  const result = { name, ...summarise(other), ratio };
  if (!target) return result;
  if ('atMost' in target) return { ...result, target: `≤ ${target.atMost} ×`, ofTarget: ratio.median / target.atMost };
  return { ...result, target: `≥ ${target.atLeast} ×`, ofTarget: target.atLeast / ratio.median };
}

function summarise(figures: readonly number[]): Figure {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median, low: sorted[0]!, high: sorted.at(-1)! };
}
