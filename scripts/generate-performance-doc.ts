/**
 * Writes docs/performance.md and its plots from bench/figures.json, which a whole `npm run bench` keeps; with --check it only says whether they are up to date.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Figures } from '../bench/figures.ts';
import type { Figure, QuestionResult, SideResult } from '../bench/measure.ts';
import { withUnit } from '../bench/table.ts';
import { renderPlot } from './render-plot.ts';

const ROOT = join(import.meta.dirname, '..');
const figures = JSON.parse(readFileSync(join(ROOT, 'bench/figures.json'), 'utf8')) as Figures;

/** Texts by the path that they belong to. */
function render(): ReadonlyMap<string, string> {
  const grown = figures.results.flatMap(({ growth }) => growth ?? []);
  const plots = grown.map((growth) => [`docs/images/${growth.name}.svg`, renderPlot(growth)] as const);
  return new Map([['docs/performance.md', page(grown.map(({ name, title }) => `![${title}](images/${name}.svg)`))], ...plots]);
}

function page(plots: readonly string[]): string {
  const { at, quick, machine, versions, results } = figures;
  const targets = results.flatMap(({ sides }) => sides).filter(({ ofTarget }) => ofTarget !== undefined);
  const reached = targets.filter(({ ofTarget = 0 }) => ofTarget <= 1);
  return `# Performance

What an operation costs, beside what it must cost: a file that is appended to and synchronised, a statement written by hand, a library that does the same. Absolute times
depend on the machine and the hour. So both sides of a question are measured by turns in one run, and what counts is the **ratio**: the median over the rounds, with the
lowest and highest in brackets. A side without a target is shown for comparison.

\`npm run bench\` asks all questions of \`bench/questions\` (\`npm run bench -- drafts\` those whose file is called so), prints this table and fails when a target is missed.
\`npm run bench -- --quick\` does less work and fails when one is missed by more than a third. What Postgres does with a million conversations is in [scale.md](scale.md).

## Figures

${reached.length} of ${targets.length} targets were reached by a ${quick ? 'quick' : 'whole'} run on ${at.slice(0, 10)}: ${machine.cores} × ${machine.cpu}, ${Math.round(machine.memoryBytes / 2 ** 30)} GB, ${machine.os};
load ${machine.load.map((load) => load.toFixed(1)).join(', ')} before the run${isBusy() ? ', so that others had the processors too: times of both sides are longer than on a machine of its own, and targets in ms say little' : ''}. ${Object.entries(
    versions,
  )
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.

| Question | Holdfast | Against | | Ratio | Target | |
|---|---|---|---|---|---|---|
${results.flatMap(rowsOf).join('\n')}

## As things grow

Both axes are logarithmic. The computed line shows what it would be if the cost followed what is there, instead of what is new.

${plots.join('\n\n')}

Made from \`bench/figures.json\` by \`scripts/generate-performance-doc.ts\`.
`;
}

function isBusy(): boolean {
  return (figures.machine.load[0] ?? 0) > figures.machine.cores;
}

function rowsOf({ title, unit, sides: [engine, ...others] }: QuestionResult): readonly string[] {
  if (!engine) return [];
  const first = engine.target === undefined ? [] : [row(title, withUnit(engine.median, unit), '', '', '', engine)];
  const compared = others.map((side, index) => {
    const isFirst = first.length === 0 && index === 0;
    const ratio = side.ratio ? `${side.ratio.median.toFixed(2)} (${spread(side.ratio)})` : '';
    return row(isFirst ? title : '', isFirst ? withUnit(engine.median, unit) : '', side.name, withUnit(side.median, unit), ratio, side);
  });
  return [...first, ...compared];
}

function row(title: string, figure: string, name: string, other: string, ratio: string, { target = '', ofTarget }: SideResult): string {
  const verdict = ofTarget === undefined ? '' : ofTarget <= 1 ? '✓' : '✗';
  return `| ${title} | ${figure} | ${name} | ${other} | ${ratio} | ${target} | ${verdict} |`;
}

function spread({ low, high }: Figure): string {
  return `${low.toPrecision(2)}–${high.toPrecision(2)}`;
}

const isCheck = process.argv.includes('--check');
for (const [path, text] of render()) {
  if (!isCheck) {
    mkdirSync(join(ROOT, path, '..'), { recursive: true });
    writeFileSync(join(ROOT, path), text);
    console.log(`${path} written`);
  } else if (readFileSync(join(ROOT, path), 'utf8') === text) console.log(`✓ ${path} is up to date`);
  else {
    console.error(`${path} is out of date: run node scripts/generate-performance-doc.ts`);
    process.exitCode = 1;
  }
}
