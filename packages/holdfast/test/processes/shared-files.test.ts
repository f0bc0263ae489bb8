import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { describe, expect, it } from 'vitest';
import { FileDirectory } from '../support/file-directory.ts';
import { runProgram, type RunningProgram } from '../support/run-program.ts';
import { Settings } from '../support/settings.ts';

interface Shown {
  readonly theme: string;
  readonly limits: Readonly<Record<string, number>>;
}

/** Has a program do something, and gives what it answers. */
async function tell(program: RunningProgram, line: string): Promise<string> {
  const before = program.lines.length;
  program.child.stdin!.write(`${line}\n`);
  await program.printed(before + 1);
  return program.lines[before] as string;
}

async function twoPrograms(directory: FileDirectory): Promise<[RunningProgram, RunningProgram]> {
  const programs: [RunningProgram, RunningProgram] = [
    runProgram('share-files', directory.path, 'a'),
    runProgram('share-files', directory.path, 'b'),
  ];
  await Promise.all(programs.map((program) => program.printed(1)));
  return programs;
}

async function end(programs: readonly RunningProgram[]): Promise<void> {
  for (const { child } of programs) child.stdin!.end();
  await Promise.all(programs.map(({ ended }) => ended));
}

describe('processes that share a directory', () => {
  it('lose nothing of what each of them and somebody with an editor does to one file', async () => {
    const directory = new FileDirectory();
    const path = directory.join('global/settings.json');
    const [a, b] = await twoPrograms(directory);
    await tell(a, 'add');
    await tell(a, 'flush');
    for (let round = 1; round <= 5; round += 1) {
      await Promise.all([tell(a, 'add'), tell(b, 'add')]);
      const shown = JSON.parse(readFileSync(path, 'utf8')) as Shown;
      directory.write('global/settings.json', JSON.stringify({ ...shown, limits: { ...shown.limits, hand: round } }));
      // Each of the two may be the one that takes the edit; nothing is said of it, since nothing is lost.
      let limits: Shown['limits'] = {};
      for (const deadline = Date.now() + 10_000; limits['hand'] !== round || limits['b'] !== round;) {
        expect(Date.now()).toBeLessThan(deadline);
        expect(await Promise.all([tell(a, 'flush'), tell(b, 'flush')])).toEqual(['flush ', 'flush ']);
        limits = (JSON.parse(readFileSync(path, 'utf8')) as Shown).limits;
      }
      expect(limits).toEqual({ a: round + 1, b: round, hand: round });
    }
    await end([a, b]);
    await using inside = await StateManager.open({ store: sqlite(directory.join('.holdfast/store.db')) });
    const records = await Array.fromAsync((await inside.global().get(Settings)).history());
    expect(records.filter(({ flags }) => flags?.includes('file'))).toHaveLength(5);
  }, 60_000);

  it('that render at once leave the file whole at every moment, never older, and never take it for an edit', async () => {
    const directory = new FileDirectory();
    const path = directory.join('global/settings.json');
    const programs = await twoPrograms(directory);
    await tell(programs[0], 'add');
    await tell(programs[0], 'flush');
    let isDone = false;
    const raced = Promise.all(programs.map((program) => tell(program, 'race'))).finally(() => (isDone = true));
    for (let [last, now] = [0, 0]; !isDone; last = now) {
      const { limits } = JSON.parse(readFileSync(path, 'utf8')) as Shown;
      now = (limits['a'] ?? 0) + (limits['b'] ?? 0);
      expect(now).toBeGreaterThanOrEqual(last);
      await turn();
    }
    expect(await raced).toEqual(['race ', 'race ']);
    await end(programs);
    await using inside = await StateManager.open({ store: sqlite(directory.join('.holdfast/store.db')) });
    expect((await inside.global().get(Settings)).version).toBe(201);
    expect((JSON.parse(readFileSync(path, 'utf8')) as Shown).limits).toEqual({ a: 101, b: 100 });
  }, 120_000);
});
