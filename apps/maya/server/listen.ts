import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Maya } from './open-maya.ts';

/** How long closing waits for answers under way to be sent. */
const FLUSH_MS = 1_000;

/** A server that takes requests. */
export interface Listening {
  /** With the slash at the end. */
  readonly url: string;
  /** Takes no more requests, closes the bar, then every connection. */
  close(): Promise<void>;
}

/** Lets the bar take requests. Rejects when the port cannot be had. */
export async function listen(maya: Maya, { host, port }: { readonly host: string; readonly port: number }): Promise<Listening> {
  const server = createAdaptorServer({ fetch: maya.app.fetch }) as Server;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  await promise;
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    await maya.close();
    // Streams have been given their last event; a connection is idle once that is on its way.
    const sweepIdle = setInterval(() => server.closeIdleConnections(), 20);
    const grace = setTimeout(() => server.closeAllConnections(), FLUSH_MS);
    await closed;
    clearInterval(sweepIdle);
    clearTimeout(grace);
  };
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`, close: () => (closing ??= close()) };
}
