import { useMemo, useReducer, useRef } from 'react';
import type { DashboardAreaId } from './area-rows.ts';

/** What is asked for on the last line. */
export interface Prompt {
  readonly question: string;
  readonly text: string;
  readonly isNeeded: boolean;
  readonly onAnswer: (text: string) => void;
}

/** What a person has chosen to see. */
export interface ScreenState {
  readonly area: DashboardAreaId;
  /** Ids of the rows, by area. */
  readonly chosen: Partial<Record<DashboardAreaId, string>>;
  /** The row that is open, and from which line on it is shown. */
  readonly open: { readonly id: string; readonly from: number } | null;
  readonly isHelp: boolean;
  readonly prompt: Prompt | null;
}

/** Keys that are pressed fast, or are pasted, come in one piece: each must meet what the one before has made, shown or not. */
export interface Screen {
  readonly get: () => ScreenState;
  readonly set: (change: Partial<ScreenState>) => void;
}

export function useScreen(): Screen {
  const state = useRef<ScreenState>({ area: 'sprint', chosen: {}, open: null, isHelp: false, prompt: null });
  const [, show] = useReducer((count: number) => count + 1, 0);
  return useMemo(
    () => ({
      get: () => state.current,
      set(change) {
        state.current = { ...state.current, ...change };
        show();
      },
    }),
    [],
  );
}
