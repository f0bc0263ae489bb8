import type { Clock } from '../clock.ts';

const TICK_MS = 10_000;
/** A tick that comes so much too late means that the machine slept. */
const GAP_MS = 30_000;

/** Notices that the machine slept: nothing ran, and the clock went on. Disposing it ends the watch. */
export function watchSleep(clock: Clock, onWake: (asleepMs: number) => void): Disposable {
  let last = clock.now();
  let timer: Disposable;
  const tick = (): void => {
    const asleepMs = clock.now() - last - TICK_MS;
    last = clock.now();
    timer = clock.after(TICK_MS, tick);
    if (asleepMs > GAP_MS) onWake(asleepMs);
  };
  timer = clock.after(TICK_MS, tick);
  return { [Symbol.dispose]: () => timer[Symbol.dispose]() };
}
