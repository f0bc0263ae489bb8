/**
 * Writes docs/conformance.md: what every store must do, and which store does it. It is written only when the last run of each case on each store (`npm test` and
 * `npm run test:faults` leave it in node_modules/.cache/conformance) agrees; with --check it only says whether the page is up to date with the cases, without a run.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conformanceCases, type ConformanceCase, type Need } from 'holdfast/conformance';
import { memory } from 'holdfast/memory';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs/conformance.md');
const RESULTS = join(ROOT, 'node_modules/.cache/conformance');

interface StoreColumn {
  readonly title: string;
  /** As the tests call it. */
  readonly name: string;
  /** What cases may need and this store has not, with why. */
  readonly lacks: Partial<Record<Need, string>>;
}

const ONE_PROCESS = 'it lives in one process and ends with it';
const IN_A_SERVER = 'its files are the server’s: damage to rows is tested by itself';

const STORES: readonly StoreColumn[] = [
  {
    title: 'memory',
    name: 'memory',
    lacks: {
      shared: ONE_PROCESS,
      durable: ONE_PROCESS,
      child: ONE_PROCESS,
      files: ONE_PROCESS,
      strace: ONE_PROCESS,
      backup: 'there is no backup of it',
    },
  },
  { title: 'SQLite', name: 'sqlite', lacks: {} },
  { title: 'files, JSON', name: 'files in json', lacks: {} },
  { title: 'files, YAML', name: 'files in yaml', lacks: {} },
  {
    title: 'Postgres',
    name: 'postgres',
    lacks: {
      clock: 'its clock is the database’s and cannot be set',
      files: IN_A_SERVER,
      strace: IN_A_SERVER,
      backup: 'backups are those of the server',
    },
  },
];

function whyNot({ lacks }: StoreColumn, { needs }: ConformanceCase): string | undefined {
  return needs.map((need) => lacks[need]).find((reason) => reason !== undefined);
}

function render(cases: readonly ConformanceCase[]): string {
  const reasons: string[] = [];
  const cell = (store: StoreColumn, each: ConformanceCase): string => {
    const reason = whyNot(store, each);
    if (reason === undefined) return '✓';
    if (!reasons.includes(reason)) reasons.push(reason);
    return `(${reasons.indexOf(reason) + 1})`;
  };
  const rows = cases.map(
    (each) => `| \`${each.id}\` | ${each.title.replaceAll('|', '\\|')} | ${STORES.map((store) => cell(store, each)).join(' | ')} |`,
  );
  return `# What every store does

The conformance suite (\`holdfast/conformance\`) is run against each store, in \`npm test\`. Of the stores with files, whose database is SQLite’s, the cases that kill a process or damage bytes are in \`npm run test:faults\`.
This table has its cases: ✓ where the case was run and passed, a number where it does not apply.
A store of your own is put through the same cases: give \`conformanceCases\` a harness for it.

| case | what it promises | ${STORES.map(({ title }) => title).join(' | ')} |
|---|---|${STORES.map(() => '---|').join('')}
${rows.join('\n')}

${reasons.map((reason, index) => `${index + 1}. ${reason}`).join('\n')}

${STORES.map((store) => `${store.title}: ${cases.filter((each) => whyNot(store, each) === undefined).length} of ${cases.length}`).join(' · ')}.

Where \`strace\` cannot be used, the cases that kill a process at a system call are skipped, and say so.

<!-- Written by scripts/generate-conformance-doc.ts. -->
`;
}

/** What the last run says otherwise, in sentences. */
function contradictions(store: StoreColumn, cases: readonly ConformanceCase[]): string[] {
  const path = join(RESULTS, `${store.name}.json`);
  if (!existsSync(path)) return [`${store.title}: the suite was not run; npm test does, and npm run test:faults.`];
  const results = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  return cases.flatMap((each) => {
    const [expected, found = 'not run'] = [whyNot(store, each) === undefined ? 'passed' : 'not applicable', results[each.id]];
    return expected === found ? [] : [`${store.title}: ${each.id} should be ${expected} and was ${found}.`];
  });
}

const cases = conformanceCases({ name: 'memory', create: (options) => memory(options), again: (store) => store });
const page = render(cases);
if (process.argv.includes('--check')) {
  const isCurrent = existsSync(PAGE) && readFileSync(PAGE, 'utf8') === page;
  console.log(
    isCurrent
      ? '✓ docs/conformance.md'
      : '✗ docs/conformance.md is out of date: node -C holdfast-source scripts/generate-conformance-doc.ts',
  );
  process.exitCode = isCurrent ? 0 : 1;
} else {
  const problems = STORES.flatMap((store) => contradictions(store, cases));
  for (const problem of problems) console.error(problem);
  if (problems.length === 0) writeFileSync(PAGE, page);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
