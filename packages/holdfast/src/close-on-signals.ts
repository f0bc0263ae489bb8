import { publishError } from './event/index.ts';

export interface CloseOnSignalsOptions {
  /** Default SIGINT and SIGTERM. */
  readonly signals?: readonly NodeJS.Signals[];
}

/**
 * Closes a manager when the process is told to end, so that what was asked for is settled and every file shows it, and then lets the process end by that
 * signal, as if nobody had caught it. A second signal ends it at once. What `close` throws goes to the diagnostics channel `holdfast:error`. For applications
 * that do nothing else at their end; the library installs no signal handlers by itself. Returns what takes the handlers away.
 */
export function closeOnSignals(manager: { close(): Promise<void> }, options: CloseOnSignalsOptions = {}): () => void {
  const { signals = ['SIGINT', 'SIGTERM'] } = options;
  const remove = (): void => {
    for (const signal of signals) process.off(signal, close);
  };
  const close = (signal: NodeJS.Signals): void => {
    // From now on a signal does what it does without us.
    remove();
    manager
      .close()
      .catch(publishError)
      .finally(() => process.kill(process.pid, signal));
  };
  for (const signal of signals) process.on(signal, close);
  return remove;
}
