import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Why strace cannot be used here; `undefined` when it can. Tests that need it say so in their names. */
export function reasonWithoutStrace(): string | undefined {
  const { status, error, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:signal=KILL:when=1', 'true'], {
    encoding: 'utf8',
  });
  if (error) return `strace cannot be started: ${error.message}`;
  return status === 0 ? undefined : `strace cannot trace here: ${stderr.trim()}`;
}

/** Runs a program of test/support under strace to its end. */
export function runTraced(
  traceOptions: readonly string[],
  program: string,
  args: readonly (string | number)[],
): { readonly lines: readonly string[]; readonly exitCode: number | null; readonly errors: string } {
  const script = fileURLToPath(new URL(`./${program}`, import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    'strace',
    ['-f', '-qq', ...traceOptions, process.execPath, '-C', 'holdfast-source', script, ...args.map(String)],
    { encoding: 'utf8' },
  );
  return { lines: stdout.split('\n').filter((line) => line !== ''), exitCode: status, errors: stderr };
}
