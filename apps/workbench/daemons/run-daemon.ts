import { z } from 'zod';
import { defineMethod } from '../methods/method.ts';
import { MethodTable } from '../methods/method-table.ts';
import type { Workbench } from '../open-workbench.ts';
import { WorkbenchError } from '../workbench-error.ts';
import type { Daemon, DaemonModule, DaemonName } from './daemon.ts';
import {
  CALLS,
  isCallName,
  parseArgs,
  type CallName,
  type DaemonEndpoint,
  type DaemonProperties,
  type SignalListener,
  type SignalName,
} from './daemon-calls.ts';
import { DaemonLease } from './daemon-lease.ts';
import { Health, type HealthReport } from './health.ts';
import { watchSleep } from './sleep-watch.ts';

const LOOK_EVERY_MS = 30_000;

export interface DaemonStatus {
  readonly name: DaemonName;
  readonly running: boolean;
  readonly pid: number;
  readonly home: string;
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly health: HealthReport;
  readonly stats: Readonly<Record<string, unknown>>;
  /** Names of what `CallMethod` calls. */
  readonly methods: readonly string[];
}

export interface RunDaemonOptions {
  readonly workbench: Workbench;
  /** How long its lease outlives it. Default 10,000. */
  readonly leaseMs?: number;
  /** Called when it is to end: somebody asked for it, or another process has its lease. */
  readonly onEnd: (reason: string) => void;
}

/**
 * Starts a daemon, the only one of its name on this home.
 * @throws {WorkbenchError} REFUSED when one runs already.
 */
export async function runDaemon(module: DaemonModule, options: RunDaemonOptions): Promise<RunningDaemon> {
  const { workbench, leaseMs, onEnd } = options;
  const lease = await DaemonLease.take(workbench, module.name, {
    ...(leaseMs !== undefined && { ttlMs: leaseMs }),
    onLost: (reason) => onEnd(`It lost its lease. ${reason}`),
  });
  const listeners = new Set<SignalListener>();
  try {
    const daemon = await module.create({
      workbench,
      emit: (type, data) => tell(workbench, listeners, 'Event', [type, JSON.stringify(data)]),
      lease: () => lease.held,
    });
    await daemon.start();
    const running = new RunningDaemon(module.name, daemon, { lease, listeners, workbench, onEnd });
    await running.look();
    return running;
  } catch (error) {
    await lease.release();
    throw error;
  }
}

/** A daemon at work, with what all have in common. */
export class RunningDaemon implements DaemonEndpoint {
  readonly name: DaemonName;
  readonly #daemon: Daemon;
  readonly #lease: DaemonLease;
  readonly #listeners: Set<SignalListener>;
  readonly #workbench: Workbench;
  readonly #onEnd: (reason: string) => void;
  readonly #methods: MethodTable;
  readonly #health: Health;
  readonly #startedAt: number;
  readonly #sleep: Disposable;
  #look: Disposable | undefined;
  #stopping: Promise<void> | undefined;

  /** @internal Made by {@link runDaemon}. */
  constructor(
    name: DaemonName,
    daemon: Daemon,
    around: { lease: DaemonLease; listeners: Set<SignalListener>; workbench: Workbench; onEnd: (reason: string) => void },
  ) {
    const { lease, listeners, workbench, onEnd } = around;
    this.name = name;
    this.#daemon = daemon;
    this.#lease = lease;
    this.#listeners = listeners;
    this.#workbench = workbench;
    this.#onEnd = onEnd;
    this.#startedAt = workbench.clock.now();
    this.#health = new Health(() => daemon.check());
    this.#methods = new MethodTable([...this.#common(), ...daemon.methods.list()]);
    this.#sleep = watchSleep(workbench.clock, (asleepMs) => this.#wokeUp(asleepMs));
    this.#lookLater();
    this.#statusChanged();
  }

  /** Its own methods, and those that every daemon has under the names of methods: `get_status`, `health_check` and so on. */
  get methods(): MethodTable {
    return this.#methods;
  }

  async call(name: string, args: readonly string[]): Promise<unknown> {
    if (!isCallName(name))
      throw new WorkbenchError(
        'NOT_FOUND',
        `There is no call ${JSON.stringify(name.slice(0, 100))}; there are ${Object.keys(CALLS).join(', ')}.`,
      );
    if (args.length !== CALLS[name].length) {
      const wanted = CALLS[name].length === 0 ? 'no arguments' : `the arguments ${CALLS[name].join(', ')}`;
      throw new WorkbenchError('INVALID_INPUT', `${name} takes ${wanted}, not ${args.length}.`);
    }
    return await this.#call(name, args);
  }

  properties(): DaemonProperties {
    return { Running: this.#stopping === undefined, Uptime: this.#uptimeSeconds(), Stats: JSON.stringify(this.#daemon.stats()) };
  }

  listen(listener: SignalListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  status(): DaemonStatus {
    return {
      name: this.name,
      running: this.#stopping === undefined,
      pid: process.pid,
      home: this.#workbench.home,
      startedAt: new Date(this.#startedAt).toISOString(),
      uptimeSeconds: this.#uptimeSeconds(),
      health: this.#health.report,
      stats: this.#daemon.stats(),
      methods: this.#methods.list().map(({ name }) => name),
    };
  }

  /** Looks at its health now, and tells when that is another than before. */
  async look(): Promise<HealthReport> {
    const before = this.#health.report.level;
    const report = await this.#health.look();
    if (report.level !== before) this.#statusChanged();
    return report;
  }

  /** Lets what is under way end and gives the lease back. May be called again. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    this.#sleep[Symbol.dispose]();
    this.#look?.[Symbol.dispose]();
    // Before the ways in are closed by whoever stops it.
    await Promise.resolve();
    this.#statusChanged();
    try {
      await this.#daemon.stop();
    } finally {
      await this.#lease.release();
    }
  }

  async #call(name: CallName, [first = '', second = '']: readonly string[]): Promise<unknown> {
    switch (name) {
      case 'Ping':
        return 'pong';
      case 'GetStatus':
        return this.status();
      case 'GetStats':
        return this.#daemon.stats();
      case 'HealthCheck':
        return await this.look();
      case 'Shutdown':
        // The answer goes out first.
        setImmediate(() => this.#onEnd('It was asked to end.'));
        return { stopping: true };
      case 'CallMethod':
        return (await this.#methods.call(first, parseArgs(second))) ?? null;
    }
  }

  /** The calls as methods, for clients that know methods only. */
  #common(): ReturnType<typeof defineMethod>[] {
    const method = (name: string, call: CallName, title: string, description: string): ReturnType<typeof defineMethod> =>
      defineMethod({
        name,
        title,
        description,
        input: z.object({}).shape,
        hints: call === 'Shutdown' ? { readOnly: false, destructive: true } : { readOnly: true },
        run: () => this.#call(call, []),
      });
    return [
      method('ping', 'Ping', 'Ping', 'Answers, when the daemon runs.'),
      method('get_status', 'GetStatus', 'Status', 'Tells since when and where the daemon runs, how healthy it is and what it has done.'),
      method('get_stats', 'GetStats', 'Figures', 'Gives the figures of the daemon.'),
      method('health_check', 'HealthCheck', 'Health', 'Has the daemon look at itself now: each check, and how often in a row one failed.'),
      method('shutdown', 'Shutdown', 'End', 'Ends the daemon, after what is under way. With others in its process, those end too.'),
    ];
  }

  #uptimeSeconds(): number {
    return Math.max(0, Math.round((this.#workbench.clock.now() - this.#startedAt) / 1_000));
  }

  #lookLater(): void {
    this.#look = this.#workbench.clock.after(LOOK_EVERY_MS, () => {
      void this.look();
      this.#lookLater();
    });
  }

  #wokeUp(asleepMs: number): void {
    this.#workbench.log.info({ daemon: this.name, asleepMs }, 'the machine slept');
    tell(this.#workbench, this.#listeners, 'Event', ['woke_up', JSON.stringify({ asleepMs })]);
    this.#daemon.wokeUp?.(asleepMs);
  }

  #statusChanged(): void {
    tell(this.#workbench, this.#listeners, 'StatusChanged', [JSON.stringify(this.status())]);
  }
}

function tell({ log }: Workbench, listeners: Iterable<SignalListener>, signal: SignalName, args: readonly string[]): void {
  for (const listener of [...listeners]) {
    try {
      listener(signal, args);
    } catch (error) {
      log.error({ err: error, signal }, 'a listener of a daemon failed');
    }
  }
}
