/**
 * Appends to lists and looks at them at random, by the settings in argv[2], and prints each operation as it begins and as it ends. A store is closed in the end unless the process is
 * killed before.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { isHoldfastError, StateManager, type StateHandle } from 'holdfast';
import type { ChildDriver } from 'holdfast/conformance';
import type { Store } from 'holdfast/store';
import { LISTS, type ListName, type Operation, type Recorded } from '../histories/history.ts';
import { listStates, type Entries } from '../histories/list-states.ts';
import { randomOf } from '../histories/random.ts';

export interface RecorderSettings {
  readonly driver: ChildDriver;
  /** The beginning of each id. */
  readonly name: string;
  readonly seed: number;
  readonly operations: number;
  /** At once. */
  readonly inFlight: number;
}

const { driver, name, seed, operations, inFlight } = JSON.parse(process.argv[2] as string) as RecorderSettings;
const module = (await import(driver.module)) as Record<string, (...args: readonly unknown[]) => Store>;
const store = (module[driver.factory] as (...args: readonly unknown[]) => Store)(...driver.args);
const state = await StateManager.open({ store, retryForMs: 60_000 });
const handles = await listStates(state);
const random = randomOf(seed);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
const now = (): number => Number(process.hrtime.bigint());
const print = (recorded: Recorded): void => void writeSync(1, `${JSON.stringify(recorded)}\n`);

interface Planned {
  readonly appends: readonly ListName[];
  readonly run: (id: string) => Promise<Operation['saw']>;
}

const entriesOf = (list: ListName): StateHandle<Entries> => handles[list];

function append(list: ListName, expectsVersion: boolean): Planned {
  const run = async (id: string): Promise<Operation['saw']> => {
    const handle = entriesOf(list);
    const { value } = await handle.update(
      (draft) => {
        const seen = [...draft.entries];
        draft.entries.push(id);
        return seen;
      },
      expectsVersion ? { expectedVersion: handle.version } : {},
    );
    return { [list]: value };
  };
  return { appends: [list], run };
}

/** Sees two lists and appends to none, to the first, or to both of them. */
function transact(lists: readonly [ListName, ListName], appends: readonly ListName[]): Planned {
  const run = async (id: string): Promise<Operation['saw']> => {
    const { value } = await state.transaction([entriesOf(lists[0]), entriesOf(lists[1])], (drafts) => {
      const seen = drafts.map(({ entries }) => [...entries]);
      for (const [index, list] of lists.entries()) if (appends.includes(list)) drafts[index]?.entries.push(id);
      return seen;
    });
    return Object.fromEntries(lists.map((list, index) => [list, value[index] as string[]]));
  };
  return { appends, run };
}

function plan(): Planned {
  const first = pick(LISTS);
  const second = pick(LISTS.filter((list) => list !== first));
  const chance = random();
  if (chance < 0.25) return { appends: [], run: async () => ({ [first]: (await entriesOf(first).refresh()).entries }) };
  if (chance < 0.5) return append(first, random() < 0.2);
  return transact([first, second], chance < 0.65 ? [] : chance < 0.85 ? [first] : [first, second]);
}

let made = 0;
async function work(): Promise<void> {
  while (made < operations) {
    const id = `${name}.${(made += 1)}`;
    const { appends, run } = plan();
    print({ begin: { id, appends, invokedAt: now() } });
    const ended = await run(id).then(
      (saw) => ({ outcome: 'done' as const, saw }),
      (error: unknown) => {
        if (!isHoldfastError(error)) throw error;
        const isUnknown = isHoldfastError(error, 'STORE_UNAVAILABLE') && error.data.outcome === 'unknown';
        return { outcome: isUnknown ? ('unknown' as const) : ('refused' as const), saw: {} };
      },
    );
    print({ end: { id, returnedAt: now(), ...ended } });
  }
}

print({ ready: true });
// All begin together: starting takes longer than what there is to do.
await once(process.stdin, 'data');
process.stdin.destroy();
await Promise.all(Array.from({ length: inFlight }, work));
await state.close();
