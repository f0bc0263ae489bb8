import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { publishError, type DiagnosticMessages } from '../event/index.ts';

/** What to do with the messages of some channels. */
export type Listeners = { readonly [Name in keyof DiagnosticMessages]?: (message: DiagnosticMessages[Name]) => void };

/** Subscribes until the returned function is called. What a listener throws is published, unless it was told of just that. */
export function listen(listeners: Listeners): () => void {
  const endings = Object.entries(listeners).map(([name, onMessage]) => {
    const guarded = (message: unknown): void => {
      try {
        (onMessage as (message: unknown) => void)(message);
      } catch (error) {
        if (name !== 'holdfast:error') publishError(error, 'subscriber');
      }
    };
    subscribe(name, guarded);
    return () => unsubscribe(name, guarded);
  });
  return () => {
    for (const end of endings) end();
  };
}
