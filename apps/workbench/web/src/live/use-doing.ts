import { createContext, useCallback, useContext, useMemo, useRef, useState } from 'react';
import type { Call } from '../../../client/actions.ts';
import { callServer } from './call-server.ts';

/** What the page says about what a person did. */
export interface Notice {
  readonly kind: 'done' | 'problem';
  readonly text: string;
}

export interface Doing {
  /** Calls a method; says `done` when it was, or why it was not. Gives the result, or undefined. A call that is under way is not made twice. */
  readonly run: (call: Call, done: string) => Promise<unknown>;
  readonly isRunning: (call: Call) => boolean;
  /** For what is done without a method. */
  readonly say: (notice: Notice | null) => void;
  readonly notice: Notice | null;
}

export const DoingContext = createContext<Doing | null>(null);

export function useDoing(): Doing {
  const doing = useContext(DoingContext);
  if (!doing) throw new Error('useDoing belongs below DoingContext');
  return doing;
}

/** Of the whole page. */
export function useNewDoing(): Doing {
  const [notice, say] = useState<Notice | null>(null);
  const [running, setRunning] = useState<ReadonlySet<string>>(new Set());
  const underWay = useRef(new Set<string>());

  const run = useCallback(async (call: Call, done: string): Promise<unknown> => {
    const id = idOf(call);
    if (underWay.current.has(id)) return undefined;
    underWay.current.add(id);
    setRunning(new Set(underWay.current));
    say(null);
    try {
      const result = await callServer(call);
      if (done !== '') say({ kind: 'done', text: done });
      return result;
    } catch (error) {
      say({ kind: 'problem', text: error instanceof Error ? error.message : String(error) });
      return undefined;
    } finally {
      underWay.current.delete(id);
      setRunning(new Set(underWay.current));
    }
  }, []);

  return useMemo(() => ({ run, say, notice, isRunning: (call) => running.has(idOf(call)) }), [run, notice, running]);
}

function idOf({ target, method, input }: Call): string {
  return JSON.stringify([target, method, input]);
}
