import type { ChildDriver } from 'holdfast/conformance';
import { StateManager } from 'holdfast';
import type { Store } from 'holdfast/store';
import { runProgram, type RunningProgram } from '../run-program.ts';
import type { RecorderSettings } from '../programs/record-history.ts';
import { checkLists } from './check-lists.ts';
import { findCircle } from './check-transactions.ts';
import { readRecorded, type History } from './history.ts';
import { readLists } from './list-states.ts';

export interface RecordingOptions {
  /** A driver for each process. */
  readonly drivers: readonly ChildDriver[];
  /** Opens the same store here, to read it in the end. */
  readonly store: () => Store;
  readonly operationsEach: number;
  /** How many operations each process has under way at once: with one, each is a batch of its own. Default 3. */
  readonly inFlight?: number;
  /** Kills the first process in the middle, which another one takes the place of. */
  readonly kills?: boolean;
}

/** HOLDFAST_SEED repeats what a run has told, as far as operations go; how they meet is up to the machine. */
const SEED = Number(process.env['HOLDFAST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** Lets processes work on one store at once, and gives what each did and what came of it. */
export async function recordHistory({ drivers, store, operationsEach, inFlight = 3, kills = false }: RecordingOptions): Promise<History> {
  const start = (driver: ChildDriver, index: number): RunningProgram => {
    const settings: RecorderSettings = { driver, name: `p${index}`, seed: SEED + index, operations: operationsEach, inFlight };
    return runProgram('record-history', JSON.stringify(settings));
  };
  const programs = drivers.map(start);
  await Promise.all(programs.map((program) => program.printed(1)));
  programs.forEach(go);
  const [victim, driver] = [programs[0], drivers[0]];
  if (kills && victim && driver) {
    await victim.printed(operationsEach);
    victim.child.kill('SIGKILL');
    const successor = start(driver, drivers.length);
    go(successor);
    programs.push(successor);
  }
  await Promise.all(programs.map(({ ended }) => ended));
  await using reader = await StateManager.open({ store: store() });
  return { operations: programs.flatMap(({ lines }) => readRecorded(lines)), final: await readLists(reader) };
}

function go({ child }: RunningProgram): void {
  child.stdin?.write('go\n');
}

/** @throws {Error} with what is wrong, and the seed. */
export function assertExplained(history: History): void {
  const problems = checkLists(history);
  const circle = findCircle(history);
  if (circle) problems.push(`no order explains ${circle.join(' → ')}`);
  if (problems.length > 0)
    throw new Error(`HOLDFAST_SEED=${SEED}: ${problems.length} problems, such as:\n${problems.slice(0, 10).join('\n')}`);
}
