import { channel } from 'node:diagnostics_channel';

const errors = channel('holdfast:error');

/** Publishes an error that has no caller on the diagnostics channel `holdfast:error`. */
export function publishError(error: unknown): void {
  if (errors.hasSubscribers) errors.publish({ error });
}
