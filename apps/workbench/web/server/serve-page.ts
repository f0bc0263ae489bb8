import { once } from 'node:events';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Access } from './access.ts';
import { pageApp, type PageOptions } from './page-app.ts';

const HOST = '127.0.0.1';

export interface ServedPage {
  /** With the token: whoever opens it may do everything. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serves the page to this machine only. A port of 0 is a free one. Rejects when the port cannot be had. */
export async function servePage(options: Omit<PageOptions, 'access'> & { readonly port: number }): Promise<ServedPage> {
  const access = new Access();
  const server = createAdaptorServer({ fetch: pageApp({ ...options, access }).fetch }) as Server;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(options.port, HOST, resolve);
  await promise;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    // Streams of events have no end of their own.
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${HOST}:${port}/?token=${access.token}`, close };
}
