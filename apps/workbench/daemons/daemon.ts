import type { EffectDefinition, HeldLease } from 'holdfast';
import type { MethodTable } from '../methods/method-table.ts';
import type { Workbench } from '../open-workbench.ts';

/** `com.aiworkflow.Bot<Name>` on D-Bus, but `com.aiworkflow.Memory`. */
export const DAEMONS = ['cron', 'sprint', 'meet', 'slack', 'session', 'memory'] as const;
export type DaemonName = (typeof DAEMONS)[number];

/** What a daemon finds when it looks at itself: each check by name, true when it holds. */
export interface SelfCheck {
  readonly checks: Readonly<Record<string, boolean>>;
  /** What a person should know, also when all holds. */
  readonly message: string;
}

/** One service. What all have in common (lease, health over time, sleep, signals, D-Bus) is around it, in `run-daemon.ts`. */
export interface Daemon {
  /** Besides those that every daemon has. */
  readonly methods: MethodTable;
  /** Returns when it works. Its outside service being away is not an error: it says so in `check`. */
  start(): Promise<void>;
  /** Lets what is under way end; then nothing of it runs any more. */
  stop(): Promise<void>;
  check(): Promise<SelfCheck>;
  /** Figures, as JSON. */
  stats(): Readonly<Record<string, unknown>>;
  /** The machine slept for so long. */
  wokeUp?(asleepMs: number): void;
}

/** Tells clients of a daemon what happened: the signal Event of D-Bus. */
export type EmitEvent = (type: string, data: Readonly<Record<string, unknown>>) => void;

/** What a daemon is given to work with. */
export interface DaemonContext {
  readonly workbench: Workbench;
  readonly emit: EmitEvent;
  /** The lease by which it is the only one of its name: to be passed to every commit that only the one may make. Another one after the machine slept. */
  readonly lease: () => HeldLease;
}

/** How a daemon comes to be. Its effects are known before the home is opened, and the daemon is made after it. */
export interface DaemonModule {
  readonly name: DaemonName;
  /** That its commits intend, or that earlier runs may have left unsettled. Default: none. */
  readonly effects?: readonly EffectDefinition[];
  create(context: DaemonContext): Daemon | Promise<Daemon>;
}
