import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

/** A comment so often keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;

/** Sends one event; resolves when the connection has taken it. */
export type SendEvent = (name: string, data: unknown) => Promise<void>;

/** Answers with server-sent events until `write` is through or the reader is gone, which the signal tells. `onHeartbeat` is called now and then. */
export function eventStream(
  c: Context,
  write: (send: SendEvent, signal: AbortSignal) => Promise<void>,
  onHeartbeat: () => Promise<void> = () => Promise.resolve(),
): Response {
  c.header('Cache-Control', 'no-store');
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    const heartbeat = setInterval(
      () =>
        void stream
          .write(': still here\n\n')
          .then(onHeartbeat)
          .catch(() => gone.abort()),
      HEARTBEAT_MS,
    );
    try {
      await write((name, data) => stream.writeSSE({ event: name, data: JSON.stringify(data) }), gone.signal);
    } finally {
      clearInterval(heartbeat);
      // With a reason of its own, which costs no stack trace.
      gone.abort('over');
    }
  });
}
