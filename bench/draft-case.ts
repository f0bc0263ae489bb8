import { create } from 'mutative';
import { freezeJson, openDraft } from '../packages/holdfast/src/cow/index.ts';
import type { BenchQuestion } from './question.ts';

/** One change of a value, written as a recipe and by hand. */
export interface DraftCase<T extends object> {
  readonly title: string;
  readonly base: T;
  readonly recipe: (draft: T, turn: number) => unknown;
  /** The same with spreading: shares what does not change, freezes nothing and has no patches. Left out where nobody would write it so. */
  readonly byHand?: (base: T, turn: number) => T;
  /** Whether the patches are written as JSON too, as they are when they are stored. */
  readonly withText?: boolean;
  /** Of the time by hand. */
  readonly atMostByHand?: number;
}

/** The draft with patches and a frozen, checked result, against code written by hand and against mutative with patches and freezing. */
export function draftQuestion<T extends object>({
  title,
  base,
  recipe,
  byHand,
  withText = false,
  atMostByHand,
}: DraftCase<T>): BenchQuestion {
  if (freezeJson(base)) throw new Error(`${title}: the value is not JSON`);
  let written = '';
  const timed = (change: (turn: number) => object) => ({
    round: ({ quick }: { readonly quick: boolean }): number => {
      const times = quick ? 2_000 : 10_000;
      let kept: object = base;
      const start = performance.now();
      for (let turn = 0; turn < times; turn++) kept = change(turn);
      const elapsedMs = performance.now() - start;
      if (kept === base || (withText && written === '[]')) throw new Error(`${title}: nothing changed`);
      return (elapsedMs * 1_000_000) / times;
    },
  });
  return {
    title,
    unit: 'ns',
    sides: [
      {
        name: 'holdfast, patches and freezing',
        ...timed((turn) => {
          const { draft, finish } = openDraft(base);
          recipe(draft as T, turn);
          const { next, patches, changed } = finish();
          if (freezeJson(next, undefined, changed) || patches.length === 0) throw new Error(`${title}: no change`);
          if (withText) written = JSON.stringify(patches);
          return next as object;
        }),
      },
      ...(byHand
        ? [
            {
              name: 'by hand, neither',
              ...(atMostByHand !== undefined && { target: { atMost: atMostByHand } }),
              ...timed((turn) => byHand(base, turn)),
            },
          ]
        : []),
      {
        name: 'mutative, both',
        target: { atMost: 0.5 },
        ...timed((turn) => {
          const [next, patches] = create(base, (draft) => void recipe(draft as T, turn), { enablePatches: true, enableAutoFreeze: true });
          if (withText) written = JSON.stringify(patches);
          return next;
        }),
      },
    ],
  };
}
