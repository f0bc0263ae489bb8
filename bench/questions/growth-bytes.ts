import { GrowingState } from '../growing-state.ts';
import type { BenchLine, BenchQuestion, BenchSide } from '../question.ts';

const TURNS = 1_000;
const LOOKS = [10, 20, 50, 100, 200, 500, TURNS];

/** The bytes that are stored after 1,000 turns, which are the same in every run. */
function grown(snapshots: boolean): Pick<BenchSide, 'round'> {
  return {
    round: async () => {
      const state = await begun(snapshots);
      await state.turns(TURNS);
      return await ended(state);
    },
  };
}

async function begun(snapshots: boolean): Promise<GrowingState> {
  const state = new GrowingState({ snapshots });
  await state.open();
  await state.begin();
  return state;
}

async function ended(state: GrowingState): Promise<number> {
  const bytes = await state.bytes();
  await state.close();
  return bytes;
}

async function line(name: string, snapshots: boolean): Promise<BenchLine> {
  const state = await begun(snapshots);
  const points: [number, number][] = [];
  for (const [index, turns] of LOOKS.entries()) {
    await state.turns(turns - (LOOKS[index - 1] ?? 0));
    points.push([turns, await state.bytes()]);
  }
  await state.close();
  return { name, points };
}

/** A state that grows to 2 MB by 2 kB a turn: what is stored grows with what is said, and not with its square. */
export const question: BenchQuestion = {
  title: 'a state growing to 2 MB in 1,000 turns, bytes',
  unit: 'bytes',
  rounds: 1,
  sides: [
    { name: 'holdfast', ...grown(true) },
    { name: 'patches alone', target: { atMost: 2.5 }, ...grown(false) },
  ],
  growth: {
    name: 'growth-bytes',
    title: 'Bytes stored of a state that grows by 2 kB a turn',
    x: 'turns',
    y: 'bytes',
    measure: async () => {
      const [holdfast, patches] = [await line('holdfast', true), await line('patches alone', false)];
      // What it would be to write the whole value at each turn: the sum of all its sizes.
      const rewritten = patches.points.map(([turns, bytes]) => [turns, (bytes * (turns + 1)) / 2] as const);
      return [holdfast, patches, { name: 'the whole state each turn (computed)', points: rewritten }];
    },
  },
};
