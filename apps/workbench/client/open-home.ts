import type { Logger } from 'pino';
import { systemClock } from '../clock.ts';
import { workbenchMethods } from '../methods/workbench-methods.ts';
import { openWorkbench, type WorkbenchOptions } from '../open-workbench.ts';
import type { Calls } from './calls.ts';
import { FileNotes } from './file-notes.ts';
import { openOverview } from './open-overview.ts';
import type { Overview } from './overview.ts';
import { WorkbenchCalls } from './workbench-calls.ts';

export interface OpenHomeOptions extends Pick<WorkbenchOptions, 'home' | 'project' | 'environment' | 'clock' | 'cursorFolder'> {
  readonly log: Logger;
  /** Default 30, from 5 to 300. */
  readonly refreshSeconds?: number;
}

/** A home as a person looks at it: what it shows, and what can be done. */
export interface OpenHome {
  readonly overview: Overview;
  readonly calls: Calls;
  close(): Promise<void>;
}

/** Opens a home for looking at it; its daemons run elsewhere. @throws {HoldfastError} STORE_UNAVAILABLE, CORRUPT_STATE. */
export async function openHome({ refreshSeconds, ...options }: OpenHomeOptions): Promise<OpenHome> {
  const { home, clock = systemClock, environment = process.env } = options;
  const notes = new FileNotes(clock);
  const workbench = await openWorkbench({ ...options, onReport: notes.note });
  const overview = openOverview({ workbench, notes, environment, ...(refreshSeconds !== undefined && { refreshSeconds }) });
  return {
    overview,
    calls: new WorkbenchCalls({ home, methods: workbenchMethods(workbench), environment }),
    async close() {
      overview.close();
      await workbench.close();
    },
  };
}
