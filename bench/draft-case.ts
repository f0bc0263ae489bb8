import { create } from 'mutative';
import { freezeJson, openDraft } from '../packages/holdfast/src/cow/index.ts';
import type { BenchQuestion } from './question.ts';

/** Of each round, a quick one too: less would show what V8 has not compiled yet. */
const TURNS = 10_000;

/** One change of a value, written as a recipe and by hand. */
export interface DraftCase<T extends object> {
  readonly title: string;
  readonly base: T;
  readonly recipe: (draft: T, turn: number) => unknown;
  /** The same with spreading: shares what does not change, freezes nothing and has no patches. Left out where nobody would write it so. */
  readonly byHand?: (base: T, turn: number) => T;
  /** Whether the patches are written as JSON too, as they are when they are stored. */
  readonly withText?: boolean;
  /** The value grows: every turn begins with the first one. Otherwise with what the turn before it made, as a state goes on. */
  readonly grows?: boolean;
  /** Of the time by hand. */
  readonly atMostByHand?: number;
}

/** The draft with patches and a frozen, checked result, against code written by hand and against mutative with patches and freezing. */
export function draftQuestion<T extends object>({
  title,
  base: given,
  recipe,
  byHand,
  withText = false,
  grows = false,
  atMostByHand,
}: DraftCase<T>): BenchQuestion {
  // As it was loaded: V8 copies a record that JSON.parse made otherwise than one from a program's text.
  const base = JSON.parse(JSON.stringify(given)) as T;
  if (freezeJson(base)) throw new Error(`${title}: the value is not JSON`);
  let written = '';
  const timed = (change: (from: T, turn: number) => T) => ({
    round: (): number => {
      let kept: T = base;
      const start = performance.now();
      for (let turn = 0; turn < TURNS; turn++) kept = change(grows ? base : kept, turn);
      const elapsedMs = performance.now() - start;
      if (kept === base || (withText && written === '[]')) throw new Error(`${title}: nothing changed`);
      return (elapsedMs * 1_000_000) / TURNS;
    },
  });
  return {
    title,
    unit: 'ns',
    // So that the middle one is of compiled code, on all sides.
    rounds: 25,
    sides: [
      {
        name: 'holdfast, patches and freezing',
        ...timed((from, turn) => {
          const { draft, finish } = openDraft(from);
          recipe(draft as T, turn);
          const { next, patches, changed } = finish();
          if (freezeJson(next, undefined, changed) || patches.length === 0) throw new Error(`${title}: no change`);
          if (withText) written = JSON.stringify(patches);
          return next as T;
        }),
      },
      ...(byHand
        ? [
            {
              name: 'by hand, neither',
              ...(atMostByHand !== undefined && { target: { atMost: atMostByHand } }),
              ...timed(byHand),
            },
          ]
        : []),
      {
        name: 'mutative, both',
        target: { atMost: 0.5 },
        ...timed((from, turn) => {
          const [next, patches] = create(from, (draft) => void recipe(draft as T, turn), { enablePatches: true, enableAutoFreeze: true });
          if (withText) written = JSON.stringify(patches);
          return next as T;
        }),
      },
    ],
  };
}
