/**
 * Proves that the linter holds the rules of who may import whom: every import that is forbidden must be reported, and every
 * one that is allowed must not. The samples live in a temporary directory with the repository's own lint configuration.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

interface Sample {
  /** Where the importing file would stand. */
  readonly file: string;
  readonly specifier: string;
  readonly allowed: boolean;
}

/** The folders of the engine and what each may import of it. */
const below = {
  errors: [],
  store: ['errors'],
  cow: ['errors'],
  money: ['errors'],
  scope: ['store', 'errors'],
  secret: ['scope', 'store', 'errors'],
  history: ['commit', 'event', 'cow', 'scope', 'secret', 'money', 'store', 'errors'],
  commit: ['history', 'event', 'cow', 'scope', 'secret', 'money', 'store', 'errors'],
  event: ['history', 'commit', 'cow', 'scope', 'secret', 'money', 'store', 'errors'],
  opentelemetry: ['event', 'scope', 'store', 'errors'],
  state: ['history', 'commit', 'event', 'cow', 'scope', 'secret', 'money', 'store', 'errors'],
  session: ['effect', 'state', 'history', 'commit', 'event', 'cow', 'scope', 'secret', 'money', 'store', 'errors'],
  effect: ['session', 'state', 'history', 'commit', 'event', 'cow', 'scope', 'secret', 'money', 'store', 'errors'],
} as const;
const pure = ['cow', 'money'];
const stores = ['memory', 'file', 'sqlite', 'postgres'];
/** The one exception: the file store is the SQLite store with files beside it, and the only store that reads values. */
const fileStoreAlso = ['../sqlite/index.ts', '../../cow/index.ts', '../../scope/index.ts'];

const root = join(import.meta.dirname, '..');
const engine = 'packages/holdfast/src';

/** Every way to import; each must be seen. */
const forms = [
  (specifier: string) => `import { a } from '${specifier}';`,
  (specifier: string) => `import type { B } from '${specifier}';`,
  (specifier: string) => `export { c } from '${specifier}';`,
  (specifier: string) => `export const d = await import('${specifier}');`,
];

const samples = [...engineSamples(), ...storeSamples(), ...outerSamples()];
const reports = countReports(samples);
const wrong = samples.flatMap((sample, index) => {
  const expected = sample.allowed ? 0 : forms.length;
  return reports[index] === expected
    ? []
    : [`✗ ${sample.file} importing ${sample.specifier}: ${reports[index]} reports instead of ${expected}`];
});
const forbidden = samples.filter((sample) => !sample.allowed).length;
console.log(
  wrong.length > 0
    ? wrong.join('\n')
    : `✓ layer rules: ${forbidden} forbidden imports are reported, ${samples.length - forbidden} allowed ones are not`,
);
if (wrong.length > 0) process.exitCode = 1;

/** How often the linter reports each sample for what it imports. */
function countReports(all: readonly Sample[]): number[] {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-layer-rules-'));
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(directory, '.oxlintrc.json'));
    const paths = all.map(({ file }, index) => join(dirname(file), `sample-${index}.ts`));
    for (const [index, { specifier }] of all.entries()) {
      const path = join(directory, paths[index] ?? '');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, forms.map((form) => form(specifier)).join('\n'));
    }
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--format=json', '.'], {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
    const restricted = diagnostics.filter(({ code }) => code === 'eslint(no-restricted-imports)');
    return paths.map((path) => restricted.filter(({ filename }) => filename === path).length);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function engineSamples(): Sample[] {
  const folders = Object.keys(below);
  return Object.entries(below).flatMap(([folder, may]) => {
    const file = `${engine}/${folder}/sample.ts`;
    const others = folders.filter((other) => other !== folder);
    return [
      ...others.map((other) => ({ file, specifier: `../${other}/index.ts`, allowed: (may as readonly string[]).includes(other) })),
      ...stores.map((store) => ({ file, specifier: `../stores/${store}/index.ts`, allowed: false })),
      ...['../conformance/index.ts', '../manager.ts', '../index.ts', 'holdfast', 'holdfast/money', '@holdfast/mcp'].map((specifier) => ({
        file,
        specifier,
        allowed: false,
      })),
      ...['node:fs', 'node:timers/promises'].map((specifier) => ({ file, specifier, allowed: !pure.includes(folder) })),
      { file, specifier: './sibling.ts', allowed: true },
    ];
  });
}

function storeSamples(): Sample[] {
  const inStores = stores.flatMap((store) => {
    const file = `${engine}/stores/${store}/sample.ts`;
    const above = Object.keys(below).filter((folder) => folder !== 'store' && folder !== 'errors');
    const higher = [
      ...above.map((folder) => `../../${folder}/index.ts`),
      ...stores.filter((other) => other !== store).map((other) => `../${other}/index.ts`),
      '../../manager.ts',
      '../../conformance/index.ts',
    ];
    const also = store === 'file' ? fileStoreAlso : [];
    const may = ['../../store/index.ts', '../../errors/index.ts', './sibling.ts', 'node:fs', ...also];
    return [
      ...forbid(
        file,
        higher.filter((specifier) => !also.includes(specifier)),
      ),
      ...allow(file, may),
    ];
  });
  const knowers = [
    ...forbid(`${engine}/conformance/sample.ts`, ['../stores/memory/index.ts', '../stores/sqlite/schema.ts', 'holdfast/sqlite']),
    ...forbid(`${engine}/conformance/deep/sample.ts`, ['../../stores/memory/index.ts']),
    ...allow(`${engine}/conformance/sample.ts`, ['../store/index.ts', '../errors/index.ts', 'node:child_process']),
    ...forbid(`${engine}/manager.ts`, ['./stores/memory/index.ts', '../../../apps/maya/server/main.ts']),
    ...allow(`${engine}/manager.ts`, ['./store/index.ts', './session/index.ts', './effect/index.ts', './state/index.ts']),
  ];
  return [...inStores, ...knowers];
}

function outerSamples(): Sample[] {
  const open = ['holdfast', 'holdfast/sqlite', 'holdfast/money', './near.ts', '../near/index.ts'];
  return [
    ...allow('apps/maya/server/turn/sample.ts', open),
    ...forbid('apps/maya/server/turn/sample.ts', [
      'holdfast/src/index.ts',
      'holdfast/dist/cow/index.js',
      '../../../../packages/holdfast/src/index.ts',
      '../../../workbench/client/index.ts',
      '@holdfast/workbench',
    ]),
    ...forbid('apps/workbench/web/sample.ts', ['../../maya/server/main.ts', '@holdfast/maya', '../../../packages/holdfast/src/index.ts']),
    ...allow('packages/cli/src/sample.ts', open),
    ...forbid('packages/cli/src/sample.ts', [
      'holdfast/src/index.ts',
      '../../holdfast/src/index.ts',
      '../../../packages/holdfast/src/index.ts',
      '../../../apps/maya/server/main.ts',
      '@holdfast/maya',
    ]),
    ...allow('examples/bar/main.ts', open),
    ...forbid('examples/bar/main.ts', [
      'holdfast/src/index.ts',
      '../../packages/holdfast/src/index.ts',
      '../../apps/maya/server/main.ts',
      '@holdfast/maya',
    ]),
  ];
}

function allow(file: string, specifiers: readonly string[]): Sample[] {
  return specifiers.map((specifier) => ({ file, specifier, allowed: true }));
}

function forbid(file: string, specifiers: readonly string[]): Sample[] {
  return specifiers.map((specifier) => ({ file, specifier, allowed: false }));
}
