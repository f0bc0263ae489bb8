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

## Where the time goes

What \`node --cpu-prof\` and timers around single statements showed of the three paths that everything goes through, on 2026-11-21 and this kind of machine, with Node 26. The
figures are shares and orders of magnitude: others had the processors too.

**A draft with its patches.** Of an append to 1,000 messages, a third is what spreading by hand costs as well: the list is copied, and copied again because it grows by one (1.3 and
2.1 µs), and a quarter of all time is the garbage collector's. Of a small state five levels deep the collector's work for the set of nodes known to be frozen was more than
all else: since nodes with at most 32 values below them are walked over again instead, it takes 0.7 of the time, as the append does. Finding one of 1,000 by a callback is the callback: called through another
function it cost half as much again. What remains is 1.5 to 3 µs for each node on the way: a proxy, a copy, the set of its touched keys, its freezing.

**A durable commit of one writer.** Where a synchronised append of 4 kB takes 90 µs, one takes about 260: SQLite's COMMIT 110 (five pages of 4 kB into the log, one sync), its six other statements
50, forming the commit 60 (draft, schema, patches, JSON and records, nothing above 20), checksums 12, touching the file for others 10, looking whether others wrote 10. The same rows by statements written by hand
take 95, so on a disk this fast no more than that is to be had; on one that syncs in a millisecond the difference is a seventh. In batches, random ids of commits dirtied a page of their index
each: with ids that begin with the time, 64 rows by hand fell from 55 to 31 µs a commit.

**Opening a long log.** Of 9 µs a patch, SQLite's row is 2 (six columns; all nine took 3.5), its checksum 3 to 4, JSON.parse 2 to 3, and applying, freezing and the schema together 1 to 2. A checksum
costs as much as the parse that it is compared with: with it, 2.5 times the parse is not to be reached, and a state that long has snapshots.

**Another process's commit** is seen by one signal and one read. On SQLite each write into the log used to wake its followers, and none of them said when the commit could be seen: now the database file is
touched then, and nothing else is watched. On Postgres planning the statement of a log page took 2.2 ms and running it 0.3: it is a function now, whose plan is kept.

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
