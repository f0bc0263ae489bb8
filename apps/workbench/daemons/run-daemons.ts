import type { Logger } from 'pino';
import type { WorkbenchOptions } from '../open-workbench.ts';
import { openWorkbench, type Workbench } from '../open-workbench.ts';
import type { DaemonModule } from './daemon.ts';
import type { DaemonEndpoint } from './daemon-calls.ts';
import { daemonHolders, runsAlready } from './daemon-lease.ts';
import { runDaemon, type RunningDaemon } from './run-daemon.ts';

/** A way in to daemons: the session bus, a socket. Gives what closes it, or undefined where it cannot be had. */
export type WayIn = (
  daemon: DaemonEndpoint,
  around: { readonly home: string; readonly log: Logger },
) => Promise<AsyncDisposable | undefined>;

export interface RunDaemonsOptions extends WorkbenchOptions {
  readonly modules: readonly DaemonModule[];
  readonly waysIn: readonly WayIn[];
  /** How long a lease outlives its process. Default 10,000. */
  readonly leaseMs?: number;
}

/** Daemons of one process. */
export interface RunningDaemons {
  readonly workbench: Workbench;
  readonly daemons: readonly RunningDaemon[];
  /** Resolves with the reason when one of them is to end, and so all. Somebody must call `close` then. */
  readonly ending: Promise<string>;
  /** Ends all: ways in first, then what is under way, then the home. May be called again. */
  close(): Promise<void>;
}

/**
 * Starts daemons together in this process: all of them, or none.
 * @throws {WorkbenchError} REFUSED when one runs already, or the configuration is refused.
 * @throws {HoldfastError} as of `openWorkbench`.
 */
export async function runDaemons({ modules, waysIn, leaseMs, ...options }: RunDaemonsOptions): Promise<RunningDaemons> {
  const effects = [...(options.effects ?? []), ...modules.flatMap((module) => module.effects ?? [])];
  // Before the home is opened: from then on effects that another process has just intended may be run by this one.
  const names = modules.map((module) => module.name);
  for (const [name, holder] of await daemonHolders(options.home, names)) throw runsAlready(name, holder);
  const workbench = await openWorkbench({ ...options, effects });
  const { promise: ending, resolve: onEnd } = Promise.withResolvers<string>();
  const daemons: RunningDaemon[] = [];
  const open: AsyncDisposable[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    // What a daemon says at its end still goes out; then the ways in close, then the home.
    await Promise.allSettled(daemons.map((daemon) => daemon.stop()));
    await Promise.allSettled(open.map((way) => way[Symbol.asyncDispose]()));
    await workbench.close();
  };
  const close = (): Promise<void> => (closing ??= closeAll());
  try {
    for (const module of modules) {
      const { name } = module;
      const daemon = await runDaemon(module, {
        workbench,
        ...(leaseMs !== undefined && { leaseMs }),
        onEnd: (reason) => {
          workbench.log.info({ daemon: name, reason }, 'ending');
          onEnd(`${name}: ${reason}`);
        },
      });
      daemons.push(daemon);
      for (const way of waysIn) {
        const opened = await way(daemon, workbench);
        if (opened) open.push(opened);
      }
    }
    return { workbench, daemons, ending, close };
  } catch (error) {
    await close();
    throw error;
  }
}
