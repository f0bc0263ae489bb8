import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { renderers, type RendererName } from './render.ts';
import type { Shared } from './shared-database.ts';

const ROUNDS = 5;
const SAMPLE_MS = 250;
/** A hundred times as often as a file is rendered in earnest, so that a sample meets enough of them. */
const RENDER_EVERY_MS = 20;
const SIZES = { '1 kB': 1_000, '100 kB': 100_000, '1 MB': 1_000_000 } as const;

interface Sample {
  readonly p50: number;
  readonly p99: number;
  readonly held: number;
  readonly took: number;
}

/** How long a render holds the write lock, and what a committer in another process feels of it. Both sides alternate in one run. */
export async function measure(shared: Shared): Promise<string> {
  const committer = fork(fileURLToPath(new URL('committer-main.ts', import.meta.url)), [shared.directory]);
  await once(committer, 'message');
  const sample = async (name: RendererName | 'none'): Promise<Sample> => {
    committer.send(SAMPLE_MS);
    const answer = once(committer, 'message') as Promise<[number[]]>;
    let isOver = false;
    const latencies = answer.then(([all]) => ((isOver = true), all));
    const [held, took]: [number[], number[]] = [[], []];
    while (!isOver) {
      if (name !== 'none') {
        const start = performance.now();
        held.push(renderers[name](shared).heldMs);
        took.push(performance.now() - start);
      }
      await Promise.race([delay(RENDER_EVERY_MS), latencies]);
    }
    return {
      p50: quantile(await latencies, 0.5),
      p99: quantile(await latencies, 0.99),
      held: quantile(held, 0.5),
      took: quantile(took, 0.5),
    };
  };

  const lines = [
    `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, SQLite ${process.versions.sqlite}; a render every ${RENDER_EVERY_MS} ms; medians of ${ROUNDS} rounds (lowest - highest)`,
    '',
    `${'file'.padEnd(8)}${'rendering'.padEnd(12)}${'lock held, ms'.padEnd(26)}${'render in all, ms'.padEnd(26)}${'commit p50, ms'.padEnd(26)}${'commit p99, ms'.padEnd(26)}p99 / p99 without`,
  ];
  const names = ['none', ...(Object.keys(renderers) as RendererName[])] as const;
  try {
    for (const [size, bytes] of Object.entries(SIZES)) {
      shared.db.exec(`UPDATE head SET bytes = ${bytes}`);
      const samples = new Map(names.map((name) => [name, [] as Sample[]]));
      for (let round = -1; round < ROUNDS; round++) {
        for (const name of names) {
          const taken = await sample(name);
          if (round >= 0) samples.get(name)!.push(taken);
        }
      }
      const without = samples.get('none')!;
      for (const [name, taken] of samples) {
        const column = (pick: (taken: Sample) => number): string =>
          (name === 'none' && Number.isNaN(pick(taken[0]!)) ? '-' : spread(taken.map(pick))).padEnd(26);
        lines.push(
          `${size.padEnd(8)}${name.padEnd(12)}${column(({ held }) => held)}${column(({ took }) => took)}${column(({ p50 }) => p50)}${column(({ p99 }) => p99)}` +
            spread(taken.map(({ p99 }, round) => p99 / without[round]!.p99)),
        );
      }
    }
  } finally {
    committer.disconnect();
  }
  return lines.join('\n');
}

function spread(values: readonly number[]): string {
  return `${quantile(values, 0.5).toFixed(2)} (${Math.min(...values).toFixed(2)} - ${Math.max(...values).toFixed(2)})`;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
