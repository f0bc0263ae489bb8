/**
 * Compiles the TypeScript of README.md and docs/: the blocks of a page, in their order, are one program, so that a later one may use what an
 * earlier one declares. What the reader need not see stands in a comment that begins with `<!-- ts`; a block marked `ts module` begins anew.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const pages = ['README.md', ...globSync('docs/**/*.md', { cwd: root })].toSorted();
const directory = mkdtempSync(join(tmpdir(), 'holdfast-snippets-'));
try {
  const programs = pages.flatMap((page) =>
    programsOf(readFileSync(join(root, page), 'utf8')).map((code, index) => ({
      file: `${page.replace(/\.md$/, '')}-${index + 1}.ts`,
      page,
      code,
    })),
  );
  const output = compile(programs);
  console.log(output === '' ? `✓ snippets: ${programs.length} programs of ${pages.length} pages compile` : output);
  if (output !== '') process.exitCode = 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** The page's programs. Lines that are no code are left empty, so that a line keeps its number. */
function programsOf(page: string): readonly string[] {
  const lines = page.split('\n');
  const programs: string[][] = [];
  let end: string | undefined;
  for (const [index, line] of lines.entries()) {
    if (end === undefined) {
      if (line === '```ts module' || programs.length === 0) programs.push(Array.from<string>({ length: lines.length }).fill(''));
      if (line === '```ts' || line === '```ts module') end = '```';
      else if (line === '<!-- ts') end = '-->';
    } else if (line === end) end = undefined;
    else (programs.at(-1) as string[])[index] = line;
  }
  return programs.map((program) => program.join('\n')).filter((program) => program.trim() !== '');
}

/** What the compiler says, with the page's own name and lines. */
function compile(programs: readonly { readonly file: string; readonly page: string; readonly code: string }[]): string {
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  for (const { file, code } of programs) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), `${code}\nexport {};\n`);
  }
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.base.json'), files: programs.map(({ file }) => file) }),
  );
  const { stdout, stderr } = spawnSync('npx', ['tsc', '-p', directory, '--pretty', 'false'], { cwd: root, encoding: 'utf8' });
  let output = (stdout + stderr)
    .split('\n')
    .filter((line) => !line.startsWith('npm warn'))
    .join('\n')
    .trim();
  for (const { file, page } of programs) output = output.replaceAll(new RegExp(`\\S*${RegExp.escape(file)}`, 'g'), page);
  return output;
}
