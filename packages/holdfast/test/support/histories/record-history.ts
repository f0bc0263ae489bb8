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
  if (circle) problems.push(`no order explains ${circle.join(' → ')}:`, ...circle.map((id) => told(history, id)));
  if (problems.length > 0)
    throw new Error(`HOLDFAST_SEED=${SEED}: ${problems.length} problems, such as:\n${problems.slice(0, 10).join('\n')}`);
}

/** An operation in a line: when it was, what it appended to, and how far it saw each list. */
function told({ operations, final }: History, id: string): string {
  const found = operations.find((operation) => operation.id === id);
  if (!found) return `${id}: not told of`;
  const { invokedAt, returnedAt, outcome, appends, saw } = found;
  const seen = Object.entries(saw).map(([list, entries]) => `${list} up to ${entries.at(-1) ?? 'nothing'} (${entries.length})`);
  const places = appends.map((list) => `${list} at ${final[list].indexOf(id)}`);
  return `${id}: ${invokedAt}–${returnedAt ?? ''} ${outcome}; appended to ${places.join(', ') || 'none'}; saw ${seen.join(', ') || 'nothing'}`;
}
