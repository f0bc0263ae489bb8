import { defineState, StateManager, type StateDefinition } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { bodiesOf, type Store } from 'holdfast/store';
import { z } from 'zod';
import { BenchDirectory } from '../bench-state.ts';
import type { BenchQuestion } from '../question.ts';

const PATCHES = 10_000;
const TEXT = 'A negroni for the lady at table four, please, and an old fashioned without ice for me; put both on the tab of Anna. '.repeat(
  2,
);

const LongSchema = z.strictObject({ messages: z.array(z.strictObject({ role: z.string(), text: z.string() })) });

const Long: StateDefinition<z.infer<typeof LongSchema>, 'conversation'> = defineState({
  name: 'long',
  scope: 'conversation',
  schema: LongSchema,
  initial: { messages: [] },
});

const directory = new BenchDirectory();
let bodies: readonly string[] = [];

/** Snapshots are off. */
function patchesOnly(): Store {
  const store = sqlite(directory.file('bench.db'));
  store.compact = () => Promise.resolve();
  return store;
}

async function write(): Promise<void> {
  const store = patchesOnly();
  const state = await StateManager.open({ store });
  const long = await state.conversation('one').get(Long);
  await Promise.all(
    Array.from({ length: PATCHES }, (_, index) =>
      long.update((draft) => void draft.messages.push({ role: 'user', text: `${index} ${TEXT}` })),
    ),
  );
  const entity = await store.entity('conversation', 'one');
  const loaded = await store.load(entity!.eid, 'long');
  bodies = loaded!.patches.flatMap(bodiesOf);
  await state.close();
}

/** From an open store to a value that is checked, frozen and fits its schema. */
async function openLong(): Promise<number> {
  const state = await StateManager.open({ store: patchesOnly(), sweepEveryMs: 0, effectScanEveryMs: 60_000 });
  const start = performance.now();
  const long = await state.conversation('one').get(Long);
  const elapsedMs = performance.now() - start;
  if (long.current.messages.length !== PATCHES) throw new Error(`${long.current.messages.length} messages were opened`);
  await state.close();
  return elapsedMs;
}

function parseAll(): number {
  const start = performance.now();
  let parsed = 0;
  for (const body of bodies) parsed += (JSON.parse(body) as unknown[]).length;
  const elapsedMs = performance.now() - start;
  if (parsed < PATCHES - 1) throw new Error(`${parsed} patches were parsed`);
  return elapsedMs;
}

/** Reading, verifying and applying 10,000 patches, against parsing them, which every way of doing it does. */
export const question: BenchQuestion = {
  title: 'open a state of 10,000 patches, no snapshots',
  unit: 'ms',
  rounds: 11,
  sides: [
    { name: 'holdfast on SQLite', open: write, round: openLong },
    { name: 'JSON.parse of the patches', target: { atMost: 2.5 }, round: parseAll, close: () => directory.remove() },
  ],
};
