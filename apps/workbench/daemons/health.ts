import type { SelfCheck } from './daemon.ts';

export interface HealthReport extends SelfCheck {
  /** Whether every check held when it was last looked. */
  readonly healthy: boolean;
  /** How often in a row one did not. */
  readonly consecutiveFailures: number;
  /** `degraded` from one failure on, `unhealthy` from three in a row. */
  readonly level: 'healthy' | 'degraded' | 'unhealthy';
}

const UNHEALTHY_FROM = 3;
/** A daemon that has not answered by then does not. */
const ANSWERS_WITHIN_MS = 10_000;

/** The health of one daemon over time. */
export class Health {
  readonly #check: () => Promise<SelfCheck>;
  #report: HealthReport = { healthy: true, level: 'healthy', consecutiveFailures: 0, checks: {}, message: 'not looked at yet' };
  #looking: Promise<HealthReport> | undefined;

  constructor(check: () => Promise<SelfCheck>) {
    this.#check = check;
  }

  /** As of the last look. */
  get report(): HealthReport {
    return this.#report;
  }

  /** Looks now; whoever asks meanwhile gets the same answer. Never rejects. */
  look(): Promise<HealthReport> {
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<HealthReport> {
    const { checks, message } = await this.#answer();
    const healthy = Object.values(checks).every(Boolean);
    const consecutiveFailures = healthy ? 0 : this.#report.consecutiveFailures + 1;
    const level = healthy ? 'healthy' : consecutiveFailures < UNHEALTHY_FROM ? 'degraded' : 'unhealthy';
    this.#report = { healthy, level, consecutiveFailures, checks, message };
    return this.#report;
  }

  async #answer(): Promise<SelfCheck> {
    const { promise: late, resolve } = Promise.withResolvers<SelfCheck>();
    // The machine's own time: what is waited for is this process, not the day.
    const timer = setTimeout(() => {
      resolve({ checks: { answers: false }, message: `The daemon did not answer within ${ANSWERS_WITHIN_MS / 1_000} s.` });
    }, ANSWERS_WITHIN_MS);
    timer.unref();
    try {
      return await Promise.race([this.#check(), late]);
    } catch (error) {
      return {
        checks: { answers: false },
        message: `The daemon could not look at itself: ${error instanceof Error ? error.message : String(error)}`,
      };
    } finally {
      clearTimeout(timer);
    }
  }
}
