import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closeOnSignals } from 'holdfast';
import { runProgram } from '../support/run-program.ts';
import { freshDatabase } from '../support/test-store.ts';

describe('closeOnSignals', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes on %s, with every file rendered, and ends by that signal', async (signal) => {
    const directory = dirname(freshDatabase());
    const program = runProgram('close-on-signal', directory);
    await program.printed(1);
    expect(globSync('**/counter.json', { cwd: directory })).toEqual([]);
    const ended = once(program.child, 'exit');
    program.child.kill(signal);
    expect(await ended).toEqual([null, signal]);
    const [file] = globSync('**/counter.json', { cwd: directory });
    expect(JSON.parse(readFileSync(join(directory, file!), 'utf8'))).toMatchObject({ count: 3 });
  });

  it('ends at once on a second signal', async () => {
    const program = runProgram('close-on-signal', dirname(freshDatabase()), 'hang');
    await program.printed(1);
    const ended = once(program.child, 'exit');
    program.child.kill('SIGTERM');
    await program.printed(2);
    program.child.kill('SIGINT');
    expect(await ended).toEqual([null, 'SIGINT']);
  });

  it('leaves no handler behind when it is taken back', () => {
    const before = process.listenerCount('SIGTERM');
    const remove = closeOnSignals({ close: () => Promise.resolve() });
    expect(process.listenerCount('SIGTERM')).toBe(before + 1);
    remove();
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
