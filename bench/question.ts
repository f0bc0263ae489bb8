/** One question a file: `bench/questions/<name>.ts` exports a `question` of this type. */
export interface BenchQuestion {
  /** What is asked, as it stands in the table: `append to 1,000 messages`. */
  readonly title: string;
  readonly unit: BenchUnit;
  /** The engine comes first; it is compared with each of the others, its floors and peers. */
  readonly sides: readonly [BenchSide, ...BenchSide[]];
  /** Measured rounds of each side; 7 where nothing is said, at most 3 with `--quick`. */
  readonly rounds?: number;
  /** What the engine's figure itself may be, in the question's unit: for the few targets that name a time. A floor of the same run stands beside it. */
  readonly atMost?: number;
  /** What happens as something grows, measured once after the rounds of a whole run and drawn in docs/performance.md. */
  readonly growth?: BenchGrowth;
}

export interface BenchGrowth {
  /** The plot's file name, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  measure(): Promise<readonly BenchLine[]>;
}

export interface BenchLine {
  readonly name: string;
  /** All above 0: both axes are logarithmic. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** What a round's figure counts: `ns`, `ms` and `bytes` are better when small, `per second` when large. */
export type BenchUnit = 'ns' | 'ms' | 'bytes' | 'per second';

export interface BenchSide {
  readonly name: string;
  /** What the engine's figure may be of this side's; not given for the engine itself, nor for a side that is only shown. */
  readonly target?: { readonly atMost: number } | { readonly atLeast: number };
  /** Makes ready what all rounds use; not measured. */
  open?(options: { readonly quick: boolean }): Promise<void> | void;
  /**
   * Measures once and answers the figure in the question's unit, for one operation. Does its own timing, consumes its results, and
   * leaves out what the other sides do not do. With `quick` it may do a tenth of the work.
   */
  round(options: { readonly quick: boolean }): Promise<number> | number;
  close?(): Promise<void> | void;
}
