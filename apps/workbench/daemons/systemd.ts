import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Logger } from 'pino';

const run = promisify(execFile);
const ANSWERS_WITHIN_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Tells systemd how the process is, by its own command `systemd-notify`, since Node has no datagram sockets of Unix. The unit needs `NotifyAccess=all`. Without systemd it
 * does nothing.
 */
export class SystemdNotifier {
  readonly #isThere: boolean;
  readonly #log: Logger;
  readonly #watchdogMs: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(environment: Environment, log: Logger) {
    this.#isThere = (environment['NOTIFY_SOCKET'] ?? '') !== '';
    this.#log = log;
    const { WATCHDOG_USEC: microseconds, WATCHDOG_PID: pid } = environment;
    const isOurs = pid === undefined || pid === String(process.pid);
    this.#watchdogMs = this.#isThere && isOurs ? Number(microseconds ?? 0) / 1_000 || 0 : 0;
  }

  /** The process works. From now on the watchdog hears twice within its time that it still does, for as long as `isAlive` answers. */
  async ready(status: string, isAlive: () => Promise<unknown>): Promise<void> {
    await this.#tell('READY=1', `STATUS=${status}`);
    if (this.#watchdogMs <= 0) return;
    this.#timer = setInterval(() => void isAlive().then(() => this.#tell('WATCHDOG=1')), this.#watchdogMs / 2).unref();
  }

  async stopping(): Promise<void> {
    clearInterval(this.#timer);
    await this.#tell('STOPPING=1');
  }

  /** As variables: older commands have no options for some of them. */
  async #tell(...messages: readonly string[]): Promise<void> {
    if (!this.#isThere) return;
    try {
      await run('systemd-notify', [...messages], { timeout: ANSWERS_WITHIN_MS });
    } catch (error) {
      this.#log.warn({ err: error }, 'systemd could not be told');
    }
  }
}
