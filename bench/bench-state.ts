import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, StateManager, type StateDefinition, type StateHandle } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';

const TallySchema = z.strictObject({ count: z.int(), label: z.string() });

/** A small state that only grows by one: what the commit path costs without what a state costs. */
export const Tally: StateDefinition<z.infer<typeof TallySchema>, 'conversation'> = defineState({
  name: 'tally',
  scope: 'conversation',
  schema: TallySchema,
  initial: { count: 0, label: 'x' },
});

/** A directory for one side of a question, on the disk that is measured. */
export class BenchDirectory {
  readonly path: string = mkdtempSync(join(process.env['BENCH_DIR'] ?? tmpdir(), 'holdfast-bench-'));

  file(name: string): string {
    return join(this.path, name);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** So many tallies on a SQLite store of their own. */
export class BenchTallies {
  readonly #directory = new BenchDirectory();
  #state: StateManager | undefined;
  handles: readonly StateHandle<z.infer<typeof TallySchema>>[] = [];

  async open(count: number): Promise<void> {
    const state = await StateManager.open({ store: sqlite(this.#directory.file('bench.db')) });
    this.#state = state;
    this.handles = await Promise.all(Array.from({ length: count }, (_, index) => state.conversation(`c-${index}`).get(Tally)));
  }

  /** Adds one to a tally. */
  async add(index: number): Promise<void> {
    await this.handles[index]!.update((draft) => void (draft.count += 1));
  }

  async close(): Promise<void> {
    await this.#state?.close();
    this.#directory.remove();
  }
}

/** Each tally is moved on so many times by a writer of its own, all of them at once; answers commits in a second. */
export async function writersAtOnce(tallies: BenchTallies, times: number): Promise<number> {
  const write = async (index: number): Promise<void> => {
    for (let done = 0; done < times; done++) await tallies.add(index);
  };
  const start = performance.now();
  await Promise.all(tallies.handles.keys().map(write));
  return (tallies.handles.length * times * 1_000) / (performance.now() - start);
}
