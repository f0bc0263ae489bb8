import { systemClock, type Clock } from '../../clock.ts';

/** The machine's clock, ahead: leases of processes that were killed have run out by it. */
export function laterClock(byMs: number): Clock {
  return { now: () => systemClock.now() + byMs, after: (delayMs, run) => systemClock.after(delayMs, run) };
}
