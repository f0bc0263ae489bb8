import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import type { Maya } from './open-maya.ts';

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
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}/`,
    close: async () => {
      server.close();
      server.closeIdleConnections();
      await maya.close();
      server.closeAllConnections();
    },
  };
}
