import { StateManager, type EffectDefinition } from 'holdfast';
import { files, type FileReport, type FileStore } from 'holdfast/files';
import type { Logger } from 'pino';
import { systemClock, type Clock } from './clock.ts';
import { makeHome } from './home.ts';
import { stateFile } from './state-files.ts';

export interface WorkbenchOptions {
  /** The folder of all that is kept; made if need be. */
  readonly home: string;
  readonly log: Logger;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Effects of the daemons that run in this process. Default: none. */
  readonly effects?: readonly EffectDefinition[];
  /** How long after a state's last change its file is rendered. Default 2,000. */
  readonly renderAfterMs?: number;
  /** Called with what a person should know of a file. It is logged as well. */
  readonly onReport?: (report: FileReport) => void;
}

/** The Workbench of one process: every process of the machine may have one of the same home. */
export interface Workbench {
  readonly home: string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly state: StateManager;
  readonly store: FileStore;
  /** Renders what is pending and lets go of the files. */
  close(): Promise<void>;
}

/** Opens the home. @throws {HoldfastError} STORE_UNAVAILABLE, CORRUPT_STATE: what is there stays as it is. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { home, log, clock = systemClock, effects = [], renderAfterMs = 2_000 } = options;
  makeHome(home);
  const store = files(home, {
    place: stateFile,
    renderAfterMs,
    onReport(report) {
      const { kind, path, message, line, column, keptAs } = report;
      log.warn({ kind, path, line, column, keptAs }, message);
      options.onReport?.(report);
    },
    clock: () => clock.now(),
  });
  const state = await StateManager.open({ store, effects, clock: () => clock.now() });
  return { home, clock, log, state, store, close: () => state.close() };
}
