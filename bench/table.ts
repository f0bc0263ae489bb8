import type { BenchUnit } from './question.ts';
import type { Figure, QuestionResult, SideResult } from './measure.ts';

const COLUMNS = ['question', 'engine', 'against', '', 'ratio', 'spread', 'target', ''] as const;

/** One line for each comparison, in columns. */
export function renderTable(results: readonly QuestionResult[]): string {
  const rows = results.flatMap(rowsOf);
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const render = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd();
  return [render(COLUMNS), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(render)].join('\n');
}

function rowsOf({ title, unit, sides: [engine, ...others] }: QuestionResult): string[][] {
  if (!engine) return [];
  const figure = withUnit(engine.median, unit);
  const alone = [title, figure, '', '', '', spread(engine), engine.target ?? '', verdict(engine)];
  const compared = others.map((side) => {
    const { name, median, ratio, target = '' } = side;
    return ['', '', name, withUnit(median, unit), ratio ? ratio.median.toFixed(2) : '', ratio ? spread(ratio) : '', target, verdict(side)];
  });
  const [first, ...rest] = compared;
  if (!first || engine.target) return [alone, ...compared];
  return [[title, figure, ...first.slice(2)], ...rest];
}

function verdict({ ofTarget }: SideResult): string {
  if (ofTarget === undefined) return '';
  return ofTarget <= 1 ? '✓' : '✗';
}

function spread({ low, high }: Figure): string {
  return `${low.toPrecision(3)}–${high.toPrecision(3)}`;
}

/** A figure as one reads it. */
export function withUnit(value: number, unit: BenchUnit): string {
  if (unit === 'ns' && value >= 1e6) return `${(value / 1e6).toPrecision(3)} ms`;
  if (unit === 'ns' && value >= 1e3) return `${(value / 1e3).toPrecision(3)} µs`;
  if (unit === 'bytes' && value >= 1e6) return `${(value / 1e6).toPrecision(3)} MB`;
  if (unit === 'bytes' && value >= 1e3) return `${(value / 1e3).toPrecision(3)} kB`;
  if (unit === 'per second') return `${Math.round(value).toLocaleString('en')}/s`;
  return `${value.toPrecision(3)} ${unit}`;
}
