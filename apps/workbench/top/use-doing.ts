import { useCallback, useRef, useState } from 'react';
import type { Call } from '../client/actions.ts';
import type { Calls } from '../client/calls.ts';

export interface Notice {
  readonly isProblem: boolean;
  readonly text: string;
}

export interface Doing {
  readonly notice: Notice | null;
  readonly say: (notice: Notice | null) => void;
  /** Calls a method, and says `done` or why not; undefined when it was not done, or the call before is still under way. */
  readonly run: (call: Call, done: string) => Promise<unknown>;
}

export function useDoing(calls: Calls): Doing {
  const [notice, say] = useState<Notice | null>(null);
  const isBusy = useRef(false);
  const run = useCallback(
    async (call: Call, done: string): Promise<unknown> => {
      if (isBusy.current) return undefined;
      isBusy.current = true;
      say({ isProblem: false, text: '…' });
      try {
        const answer = await calls.call(call);
        say(done === '' ? null : { isProblem: false, text: done });
        return answer;
      } catch (error) {
        say({ isProblem: true, text: error instanceof Error ? error.message : String(error) });
        return undefined;
      } finally {
        isBusy.current = false;
      }
    },
    [calls],
  );
  return { notice, say, run };
}
