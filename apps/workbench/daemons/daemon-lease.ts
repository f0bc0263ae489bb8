import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { isHoldfastError, StateManager, type HeldLease, type Lease } from 'holdfast';
import { files } from 'holdfast/files';
import type { Workbench } from '../open-workbench.ts';
import { WorkbenchError } from '../workbench-error.ts';
import type { DaemonName } from './daemon.ts';

/** Tells this process from one that had the same number before. */
const INSTANCE = randomUUID().slice(0, 8);
const HOLDER = /^process (\d+) \((\w+)\) on (\S+) since \S+$/;

const LEASE_MS = 10_000;

/** By which a daemon is the only one of its name. Renewed while it is held; taken anew after the machine slept, unless another process was first. */
export class DaemonLease {
  readonly #workbench: Workbench;
  readonly #name: DaemonName;
  readonly #ttlMs: number;
  readonly #onLost: (reason: string) => void;
  #lease: Lease;
  #timer: Disposable | undefined;
  #renewing: Promise<void> = Promise.resolve();

  private constructor(workbench: Workbench, name: DaemonName, lease: Lease, onLost: (reason: string) => void) {
    this.#workbench = workbench;
    this.#name = name;
    this.#ttlMs = lease.ttlMs;
    this.#lease = lease;
    this.#onLost = onLost;
    this.#renewLater();
  }

  /**
   * Takes the lease; waits for that of a process of this machine that died to run out. `onLost` is called once, when another process has it.
   * @throws {WorkbenchError} REFUSED when a daemon of the name runs; the message says where.
   */
  static async take(
    workbench: Workbench,
    name: DaemonName,
    { ttlMs = LEASE_MS, onLost }: { readonly ttlMs?: number; readonly onLost: (reason: string) => void },
  ): Promise<DaemonLease> {
    const found = await workbench.state.global().leaseHolder(leaseName(name));
    const waitMs = found && isDead(found.holder) ? ttlMs * 2 : 0;
    return new DaemonLease(workbench, name, await acquire(workbench, name, ttlMs, waitMs), onLost);
  }

  get held(): HeldLease {
    return this.#lease;
  }

  /** Gives it back, so that the next one need not wait. */
  async release(): Promise<void> {
    this.#timer?.[Symbol.dispose]();
    await this.#renewing;
    await this.#lease.release();
  }

  #renewLater(): void {
    this.#timer = this.#workbench.clock.after(this.#ttlMs / 3, () => {
      this.#renewing = this.#renew();
    });
  }

  async #renew(): Promise<void> {
    try {
      await this.#lease.renew();
      this.#renewLater();
    } catch (error) {
      await this.#takeAnew(error);
    }
  }

  async #takeAnew(error: unknown): Promise<void> {
    const isStale = isHoldfastError(error, 'STALE_LEASE') || isHoldfastError(error, 'NOT_FOUND');
    try {
      if (isStale) this.#lease = await acquire(this.#workbench, this.#name, this.#ttlMs, 0);
      else this.#workbench.log.warn({ err: error, daemon: this.#name }, 'the lease could not be renewed; it is tried again');
      this.#renewLater();
    } catch (refusal) {
      this.#onLost(refusal instanceof Error ? refusal.message : String(refusal));
    }
  }
}

/** Who runs which daemon of a home, as texts for people. Looks without opening the home, and makes nothing where there is none. */
export async function daemonHolders(home: string, names: readonly DaemonName[]): Promise<ReadonlyMap<DaemonName, string>> {
  const holders = new Map<DaemonName, string>();
  let state: StateManager;
  try {
    state = await StateManager.open({ store: files(home), readOnly: true });
  } catch (error) {
    if (isHoldfastError(error, 'NOT_FOUND')) return holders;
    throw error;
  }
  try {
    for (const name of names) {
      const found = await state.global().leaseHolder(leaseName(name));
      if (found && !isDead(found.holder)) holders.set(name, found.holder);
    }
    return holders;
  } finally {
    await state.close();
  }
}

/** What is said to whoever starts a daemon that runs. */
export function runsAlready(name: DaemonName, holder: string, cause?: unknown): WorkbenchError {
  const message = `The ${name} daemon runs already: ${holder}. Stop it with \`holdfast-workbench stop ${name}\`.`;
  return new WorkbenchError('REFUSED', message, { cause });
}

async function acquire({ state, clock }: Workbench, name: DaemonName, ttlMs: number, waitMs: number): Promise<Lease> {
  const holder = `process ${process.pid} (${INSTANCE}) on ${hostname()} since ${new Date(clock.now()).toISOString()}`;
  try {
    return await state.global().lease(leaseName(name), { holder, ttlMs, waitMs });
  } catch (error) {
    if (!isHoldfastError(error, 'LEASE_HELD')) throw error;
    throw runsAlready(name, error.data.holder, error);
  }
}

function leaseName(name: DaemonName): string {
  return `daemon.${name}`;
}

/** Whether it was a process of this machine that is no more. */
function isDead(holder: string): boolean {
  const [, pid, instance, host] = HOLDER.exec(holder) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  if (Number(pid) === process.pid) return instance !== INSTANCE;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
