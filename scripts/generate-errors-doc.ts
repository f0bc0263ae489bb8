/**
 * Writes docs/errors.md from the codes and their comments in holdfast-error.ts; with --check it only says whether the page is up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const SOURCE = 'packages/holdfast/src/errors/holdfast-error.ts';
const PAGE = join(ROOT, 'docs/errors.md');

interface Code {
  readonly name: string;
  readonly meaning: string;
  readonly data: string;
}

/** The members of the interface ErrorData: a one-line comment, then `CODE: { … };`. */
function readCodes(source: string): readonly Code[] {
  const body = /export interface ErrorData \{\n([\s\S]*?)\n\}/.exec(source)?.[1] ?? '';
  const codes = [...body.matchAll(/ {2}\/\*\* (.+?) \*\/\n {2}([A-Z_]+): \{ (.+?) \};/g)];
  const named = [...body.matchAll(/^ {2}([A-Z_]+):/gm)];
  if (codes.length === 0 || codes.length !== named.length) {
    throw new Error(`${SOURCE}: ${named.length} codes, of which ${codes.length} have a comment of one line and data on one line.`);
  }
  return codes.map(([, meaning = '', name = '', data = '']) => ({ name, meaning, data }));
}

function render(codes: readonly Code[]): string {
  const rows = codes.map(({ name, meaning, data }) => `| \`${name}\` | ${escape(meaning)} | \`${escape(data)}\` |`);
  return `# Errors

Holdfast throws one class, \`HoldfastError\`. Switch on its \`code\`, which is stable; \`data\` has the shape of that code, \`cause\` what was behind it. The message says what
happened, to which thing, and what to do; do not match it. \`isHoldfastError(error, code)\` narrows the type.

| Code | Means | \`data\` |
|---|---|---|
${rows.join('\n')}

Made from \`${SOURCE}\` by \`scripts/generate-errors-doc.ts\`.
`;
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|');
}

const page = render(readCodes(readFileSync(join(ROOT, SOURCE), 'utf8')));
if (!process.argv.includes('--check')) {
  writeFileSync(PAGE, page);
  console.log(`${PAGE} written`);
} else if (readFileSync(PAGE, 'utf8') === page) {
  console.log('✓ docs/errors.md is up to date');
} else {
  console.error('docs/errors.md is out of date: run node scripts/generate-errors-doc.ts');
  process.exitCode = 1;
}
