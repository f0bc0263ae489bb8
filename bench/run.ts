/**
 * Asks every question of `bench/questions`, each in a process of its own, and prints one table.
 *
 *     npm run bench                     all of them
 *     npm run bench -- drafts commits   those whose file name contains one of the words
 *     npm run bench -- --quick          fewer rounds and less work, within three minutes
 *
 * Fails when a target is missed. What all of them found is kept in bench/figures.json, of which scripts/generate-performance-doc.ts makes docs/performance.md.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Figures } from './figures.ts';
import type { QuestionResult } from './measure.ts';
import { renderTable } from './table.ts';

/** Few rounds say little: with `--quick` a target is missed when it is by more than a third. */
const QUICK_ALLOWANCE = 4 / 3;

const { values, positionals: words } = parseArgs({ options: { quick: { type: 'boolean', default: false } }, allowPositionals: true });
const directory = join(import.meta.dirname, 'questions');
const files = existsSync(directory)
  ? readdirSync(directory)
      .filter((name) => name.endsWith('.ts'))
      .toSorted()
  : [];
const asked = words.length === 0 ? files : files.filter((name) => words.some((word) => name.includes(word)));

if (asked.length === 0) {
  console.log(
    files.length === 0 ? 'There are no questions in bench/questions.' : `No question's file name contains ${words.join(' or ')}.`,
  );
} else {
  const load = loadavg();
  const results: QuestionResult[] = [];
  for (const file of asked) {
    process.stderr.write(`measuring ${file}\n`);
    const result = await ask(join(directory, file));
    if (result) results.push(result);
    else console.error(`✗ ${file} ended without a result`);
  }
  console.log(renderTable(results));
  record(results, load);
  const allowed = values.quick ? QUICK_ALLOWANCE : 1;
  const isMissed = results.flatMap(({ sides }) => sides).some(({ ofTarget = 0 }) => ofTarget > allowed);
  if (results.length < asked.length || isMissed) process.exitCode = 1;
}

async function ask(file: string): Promise<QuestionResult | undefined> {
  const child = fork(join(import.meta.dirname, 'question-main.ts'), [file, ...(values.quick ? ['--quick'] : [])]);
  const { promise, resolve } = Promise.withResolvers<QuestionResult | undefined>();
  let result: QuestionResult | undefined;
  child.on('message', (message) => (result = message as QuestionResult));
  child.on('exit', (code) => resolve(code === 0 ? result : undefined));
  return await promise;
}

/** A figure without its machine says nothing. */
function record(results: readonly QuestionResult[], load: readonly number[]): void {
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memoryBytes: totalmem(),
    os: `${platform()} ${release()} ${arch()}`,
    load,
  };
  const { node, v8, sqlite, zstd } = process.versions;
  const figures: Figures = { at: new Date().toISOString(), quick: values.quick, machine, versions: { node, v8, sqlite, zstd }, results };
  const text = `${JSON.stringify(figures, undefined, 2)}\n`;
  const latest = join(import.meta.dirname, 'results', 'latest.json');
  mkdirSync(join(latest, '..'), { recursive: true });
  writeFileSync(latest, text);
  if (words.length === 0 && !values.quick) writeFileSync(join(import.meta.dirname, 'figures.json'), text);
  console.log(`\n${machine.cores} × ${machine.cpu}, Node ${node}, load ${load[0]?.toFixed(1)}; written to bench/results/latest.json`);
}
