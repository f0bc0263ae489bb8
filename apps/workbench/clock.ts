/** The seam of time: daemons wait by it, so that a test can make a week pass. */
export interface Clock {
  /** Epoch ms. */
  now(): number;
  /** Runs something once, `delayMs` from now. Disposing it before means that it does not run. Keeps no process alive. */
  after(delayMs: number, run: () => void): Disposable;
}

/** `setTimeout` fires at once for anything longer. */
const LONGEST_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      timer = setTimeout(() => (leftMs > LONGEST_MS ? wait(leftMs - LONGEST_MS) : run()), Math.min(leftMs, LONGEST_MS)).unref();
    };
    wait(delayMs);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
