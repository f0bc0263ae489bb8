/** One way of doing the same work, with data of its own, so that no side pays for the rows of another. */
export interface Side {
  readonly name: string;
  readonly write: () => Promise<void>;
  /** How many commits one `write` makes, and how many writes make a sample that lasts about as long as another side's. */
  readonly commits: number;
  readonly writesPerRound: number;
  readonly usPerCommit: number[];
}

/** Runs every side once a round, each round beginning with another side, after one round that warms up and does not count. */
export async function alternate(sides: readonly Side[], rounds: number): Promise<void> {
  for (let round = -1; round < rounds; round++) {
    for (let turn = 0; turn < sides.length; turn++) {
      const side = sides[(turn + Math.max(round, 0)) % sides.length]!;
      const start = performance.now();
      for (let i = 0; i < side.writesPerRound; i++) await side.write();
      if (round >= 0) side.usPerCommit.push(((performance.now() - start) * 1_000) / (side.writesPerRound * side.commits));
    }
  }
}

/** Lines of a table: each side's median with its spread, then for each pair how much faster the first is than the second, round by round. */
export function describe(title: string, sides: readonly Side[], pairs: readonly (readonly [string, string])[]): string[] {
  const ratio = ([name, floor]: readonly [string, string]): string => {
    const [a, b] = [name, floor].map((wanted) => sides.find((side) => side.name === wanted)!.usPerCommit) as [number[], number[]];
    return `  ${figures(
      a.map((us, round) => b[round]! / us),
      2,
      ' x',
    )}  ${name}, against ${floor}`;
  };
  return [
    title.padEnd(36) + 'us/commit  (spread)',
    ...sides.map(({ name, usPerCommit }) => `  ${name.padEnd(34)}${figures(usPerCommit, 1, '')}`),
    '  throughput ratios, round by round',
    ...pairs.map(ratio),
  ];
}

function figures(values: readonly number[], digits: number, unit: string): string {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, middle, high] = [0, sorted.length >> 1, sorted.length - 1].map((i) => sorted[i]!.toFixed(digits)) as [string, string, string];
  return `${middle.padStart(7)}${unit}  (${low} - ${high})`;
}
