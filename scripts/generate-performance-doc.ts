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

What \`node --cpu-prof\` and timers around single statements showed of the three paths that everything goes through, on 2026-11-21 and 22 and this kind of machine, with Node 26 (drafts and opening on the faster of two). The
figures are shares and orders of magnitude: others had the processors too.

**A draft with its patches.** Of an append to 1,000 messages, two thirds are what spreading by hand costs as well. To copy a list and let it grow by one copies it twice, and V8 lets a list grow item by item, 0.7 µs for 1,000,
where joining two lists is one move of memory: so the first push of a recipe joins. What drafts add is 0.2 to 0.5 µs for each node on the way: a proxy, a copy, its freezing, its patch. Of five levels deep the recipe takes 0.43 µs,
finishing it with its patches 0.37, checking and freezing 0.25, of which Object.freeze itself is 0.1. A list of keys that is pushed to on the way down takes room for 17, and to ask a record for its prototype is a call out of compiled
code: without them that is 5 % less. A Set for the one key that most recipes write took a sixth of a small draft: the keys are a list while they are few. What a
draft copied is frozen where it is met; what a recipe put in, only when all of it is JSON. V8 forgets a class's hidden class, and with it all code that was compiled for it, when a full collection finds no instance: one draft state
is kept alive for that, and the bench asks for none between its rounds, which made everything half as fast again that collections by themselves leave alone. A list that lost items at one end and got some at the other is found by
two comparisons instead of a map, a twentieth of the time. Patches and the check for what is no JSON walk the same tree of what changed.

**A record of many keys** that came from JSON.parse, or that keys were assigned to, V8 copies key by key: 10 µs for 20 of them, 70 for 200, 500 for 1,000, as long as the keys are no more than 128 by a map of hidden classes and
behind that by a hash table. Made once more in the way of \`Object.fromEntries\` it stays in the first of the two up to 1,000 keys, and a copy is one move of memory: 0.5, 1 and 3 µs. To make it once more costs
as much as eight copies, more where no record had these keys before: so the ninth draft of such a record does it, and keys are defined, not assigned. What loses a key with every change stays slow, as it is with mutative. Every turn of a draft's question begins with what the one before made, as a state goes on.

**A durable commit of one writer.** Where a synchronised append of 4 kB takes 100 µs, the same rows by statements written by hand take 105 (five pages of 4 kB into the log, one sync), and a commit of the engine 160 to 200:
COMMIT 85 to 100, the other statements 26 (20 by hand), and forming, checking and answering it 50. Heads that the process wrote last are not read again while \`data_version\` says that nobody else wrote: that was a third of the
statements of a lone commit, and 64 look-ups in a batch of 64. A turn of the event loop for each commit of a lone writer cost a fifth of it: now there is one every 4 ms, and one after
each batch that several share. The file is touched for others at once, and once more for all that follows in the same turn of the event loop: a thread of the pool took 0.04 ms to wake for it, and met the next commit's sync. On a disk that syncs in a
millisecond the difference is a seventh. In a batch of 64 the store takes as long for a commit as the hand-written loop, 16 µs, of which 11 are the COMMIT: each of 64 states has a page of its own in the index of versions. Promises, a
draft, the schema, patches and an answer to each caller are 4 µs more, once V8 has compiled them for the last time; until then, for some 30,000 commits, they are twice that, which is why both sides of that question do as many before they are
measured. The log's pages are written two system calls each, and that is half of it all, on both sides. Rows inserted four at a time would save 2 %; sixteen at a time are slower than one by one.

**Opening a long log.** \`node:sqlite\` makes an object in dictionary mode of each row, and reading its fields was the hidden cost that looked like the checksum's: patches are read 256 at a time as one text. To check each of them,
330 bytes, was a call that joins and converts texts, 0.33 µs, for 0.06 of CRC. A CRC is linear, so that the one of the whole text follows from the patches' own checksums: it is computed once, and the rest is 0.09 µs of arithmetic
for each. The text is a JSON list as it is read, and parsed at once: no text and no record is made of each patch, and one parse of 256 takes a tenth less than 256 parses. Of 10,000 patches that is 4.8 ms, reading them 3.9 (0.9 of that because the
pages are not in memory yet), checking them 1.7, applying 0.3, freezing 0.8 and the schema 0.8; it was 17.4 ms in all, and is 12.5. Longer texts are slower: from 128 kB on, malloc asks the kernel for each. A page with anything irregular in it is
read row by row, which says what is damaged.

**A late turn** grows with its state by what the state's own schema costs: 80 µs for 1,000 messages against 5 for 50, since a schema that may refine the whole must see the whole. With \`each\` it sees what is new only, and
the draft has noted what that is: the list is not gone through. The state's own schema should then ask for no more than a list, \`z.custom<Line[]>(Array.isArray)\`: an array schema of zod walks and copies every item even when it asks
nothing of them, and what it gives out is compared. Of a push on 10,000 items that was 1.1 ms, and going through the list 0.3; what is left is 0.09.

**Another process's commit** is seen by one signal and one read. It is compared with the same rows written, told of and read by hand in the same database: what a mere file does is shown beside it. On SQLite each write
into the log used to wake its followers, and none of them said when the commit could be seen: now the database file is touched then, and nothing else is watched. On Postgres planning the statement of a log page took 2.2 ms
and running it 0.3: it is a function now, whose plan is kept. Of the 0.3 to 0.5 ms on SQLite, 0.12 are the COMMIT, 0.1 forming and writing it, 0.04 the way of the signal, and 0.1 seeing and reading it, of which the
B-tree pages, which have to be fetched anew because another wrote, are the smaller part. Another 0.03 were planning: SQLite asks for the value of a variable that is a limit while it prepares a statement, and so prepared it anew for each
page; bound as an expression it does not. What a process commits itself, its feeds are handed.

**A turn of Maya** is four commits of nine pages each, eleven before those of the same hundredth of a session's lifetime put its expiry off once; three of them are synced, the lease is not. A third of its time is SQLite, two
thirds of that the four COMMITs, more where the disk is busy. At 16 turns a second it costs half as much again as at 66: the processor's caches have gone cold in between. What the slowest turns wait for, by the kernel's own
count, was V8's threads, a collection of young garbage (one turn in 19 to 27, 2 ms and more), and a disk or a host that was busy elsewhere. The threads: the main thread wakes one of them, the kernel (6.18, no preemption, a tick
of 4 ms) puts it on the same processor while the other one is idle, and the main thread waits until the next tick when it comes back from a sync: 74 waits of 0.5 to 6 ms in 240 turns. Three quarters of what these threads do is
TurboFan, and that has no end: of closures that are made anew in each turn V8 keeps compiled code only as long as one of them is alive when old garbage is collected, so that each collection, one in 250 to 5,000 turns, has some
forty of them compiled once more: of 148 compilations in 8,000 turns that were not a function's first, 142 had a collection between them and the one before. \`npm start\` therefore runs Maya with \`--no-turbofan
--single-threaded-gc\`: Maglev's code is as good for a turn that meets cold caches. On two processors, by turns, p99 of a minute was 9.3 to 12.8 ms in eight runs with V8 as it comes, 7.3 to 10.4 in six without TurboFan, and 6.6
to 9.6 in twelve with both settings; at full load they cost a sixth to a fifth of the turns, 670 a second at first and 410 once the tabs are long instead of 790 and 520, of which 100 guests may ask for 17. Smaller and larger
spaces for young garbage gained nothing, nor did \`--single-threaded\`. The two sides of this question take turns within a round, a turn and a few pages: in a rest of 12 seconds V8 throws away what it compiled. One turn in 40
moved the write-ahead log into the database, 4 ms; that is done in a quiet moment now. A turn's events and the live stream bring the new messages, not the conversation: with 800 messages a turn took three times as long as with
ten, and takes as long now.

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
