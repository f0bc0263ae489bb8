import type { BenchQuestion, BenchUnit } from './question.ts';

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
  /** `≤ 2` or `≥ 0.75`, as the question sets it. */
  readonly target?: string;
  readonly reached?: boolean;
}

export interface QuestionResult {
  readonly title: string;
  readonly unit: BenchUnit;
  readonly rounds: number;
  readonly sides: readonly SideResult[];
}

/** Measures all sides of a question by turns, so that what happens on the machine happens to all of them. */
export async function measure(question: BenchQuestion, options: { quick: boolean }): Promise<QuestionResult> {
  const { title, unit, sides } = question;
  const rounds = options.quick ? 5 : (question.rounds ?? 7);
  const figures = sides.map((): number[] => []);
  try {
    for (const side of sides) await side.open?.();
    for (const side of sides) await side.round(options);
    for (let round = 0; round < rounds; round += 1) {
      const order = round % 2 === 0 ? [...sides.keys()] : [...sides.keys()].toReversed();
      for (const index of order) {
        globalThis.gc?.();
        figures[index]?.push(await sides[index]!.round(options));
      }
    }
  } finally {
    for (const side of sides) await side.close?.();
  }
  const [engine = [], ...others] = figures;
  const compared = others.map((other, index) => compare(engine, other, sides[index + 1]!));
  return { title, unit, rounds, sides: [{ name: sides[0].name, ...summarise(engine) }, ...compared] };
}

function compare(engine: readonly number[], other: readonly number[], { name, target }: BenchQuestion['sides'][number]): SideResult {
  const ratio = summarise(engine.map((figure, round) => figure / (other[round] ?? Number.NaN)));
  const result = { name, ...summarise(other), ratio };
  if (!target) return result;
  if ('atMost' in target) return { ...result, target: `≤ ${target.atMost}`, reached: ratio.median <= target.atMost };
  return { ...result, target: `≥ ${target.atLeast}`, reached: ratio.median >= target.atLeast };
}

function summarise(figures: readonly number[]): Figure {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { median, low: sorted[0]!, high: sorted.at(-1)! };
}
