import { spawnSync } from 'node:child_process';

/** Why strace cannot be used here; `undefined` when it can. Tests that need it say so in their names. */
export function reasonWithoutStrace(): string | undefined {
  const { status, error, stderr } = spawnSync('strace', ['-f', '-o', '/dev/null', '-e', 'inject=fsync:signal=KILL:when=1', 'true'], {
    encoding: 'utf8',
  });
  if (error) return `strace cannot be started: ${error.message}`;
  return status === 0 ? undefined : `strace cannot trace here: ${stderr.trim()}`;
}

/** What a program is run under to be killed at its so-manieth call of the system. */
export function killedAt(call: string, nth: number): readonly string[] {
  return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${nth}`];
}
