import type { Context } from 'hono';
import type { Logger } from 'pino';

/** A comment so often keeps proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;

/** Sends one event; resolves when the connection takes more. */
export type SendEvent = (name: string, data: unknown) => Promise<void>;

export interface EventStreamOptions {
  /** Sends what there is to be sent; the signal tells that the reader is gone. */
  readonly write: (send: SendEvent, signal: AbortSignal) => Promise<void>;
  /** Called now and then, as long as there is a reader. */
  readonly onHeartbeat?: () => Promise<unknown>;
  /** How often at the least. Default 15,000. */
  readonly heartbeatMs?: number;
  readonly log: Logger;
}

/** Answers with server-sent events until `write` is through or the reader is gone. A turn sends many of them, so that nothing stands between it and the stream. */
export function eventStream(c: Context, { write, onHeartbeat, heartbeatMs = HEARTBEAT_MS, log }: EventStreamOptions): Response {
  const gone = new AbortController();
  const encoder = new TextEncoder();
  let pulled = Promise.withResolvers<void>();
  const pull = (): void => {
    pulled.resolve();
    pulled = Promise.withResolvers();
  };
  // With a reason of its own, which costs no stack trace.
  const cancel = (): void => {
    gone.abort('the reader is gone');
    pull();
  };
  const start = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    const put = async (text: string): Promise<void> => {
      if (gone.signal.aborted) return;
      controller.enqueue(encoder.encode(text));
      while ((controller.desiredSize ?? 0) <= 0 && !gone.signal.aborted) await pulled.promise;
    };
    const beat = async (): Promise<void> => {
      await put(': still here\n\n');
      await onHeartbeat?.();
    };
    const heartbeat = setInterval(() => void beat().catch(cancel), Math.min(heartbeatMs, HEARTBEAT_MS));
    write((name, data) => put(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`), gone.signal)
      .catch((error: unknown) => log.error({ err: error, path: c.req.path }, 'a stream of events broke off'))
      .finally(() => {
        clearInterval(heartbeat);
        if (gone.signal.aborted) return;
        gone.abort('all is sent');
        controller.close();
      });
  };
  return c.body(new ReadableStream({ start, pull, cancel }), 200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
}
