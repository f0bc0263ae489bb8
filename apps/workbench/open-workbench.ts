import { StateManager, type EffectDefinition } from 'holdfast';
import { files, type FileReport, type FileStore } from 'holdfast/files';
import type { Logger } from 'pino';
import { systemClock, type Clock } from './clock.ts';
import { ConfigManager } from './config/config-manager.ts';
import { CursorReader } from './cursor/cursor-reader.ts';
import { cursorUserFolder } from './cursor/workspace-storage.ts';
import { makeHome } from './home.ts';
import { openMemory, type Memory } from './memory/open-memory.ts';
import { stateFile } from './state-files.ts';
import { Toggles } from './toggles/toggles.ts';
import { configuredSettings } from './workspaces/configured-settings.ts';
import { WorkspaceRegistry } from './workspaces/workspace-registry.ts';

export interface WorkbenchOptions {
  /** The folder of all that is kept; made if need be. */
  readonly home: string;
  readonly log: Logger;
  /** `config.json`, or the folder it stands in. Default: `AA_WORKFLOW_CONFIG`, or the current folder. */
  readonly project?: string;
  /** Whether a configuration with any problem is refused. Default false. */
  readonly strictConfig?: boolean;
  /** Whose variables the configuration may name. Default: of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Cursor's folder of its user. Default: where Cursor has it on this machine. */
  readonly cursorFolder?: string;
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
  readonly config: ConfigManager;
  readonly toggles: Toggles;
  readonly workspaces: WorkspaceRegistry;
  readonly cursor: CursorReader;
  readonly memory: Memory;
  /** Renders what is pending and lets go of the files. */
  close(): Promise<void>;
}

/**
 * Opens the home.
 * @throws {HoldfastError} STORE_UNAVAILABLE, CORRUPT_STATE: what is there stays as it is.
 * @throws {WorkbenchError} REFUSED when the configuration is strict and has problems.
 */
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
  const { project, strictConfig: strict = false, environment = process.env } = options;
  const config = ConfigManager.open({ ...(project !== undefined && { project }), environment, clock, log, strict });
  const state = await StateManager.open({ store, effects, clock: () => clock.now() });
  const memory = openMemory({ home, state, store, clock });
  const close = async (): Promise<void> => {
    config.close();
    memory.close();
    await state.close();
  };
  try {
    const toggles = await Toggles.open({ state, store, settings: config, clock });
    const workspaces = await WorkspaceRegistry.open({ state, store, clock, settings: () => configuredSettings(config) });
    const cursor = new CursorReader({ userFolder: options.cursorFolder ?? cursorUserFolder(), now: () => clock.now() });
    return { home, clock, log, state, store, config, toggles, workspaces, cursor, memory, close };
  } catch (error) {
    await close();
    throw error;
  }
}
