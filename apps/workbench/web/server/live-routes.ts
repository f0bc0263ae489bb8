import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Overview } from '../../client/overview.ts';
import type { SourceName } from '../../client/views.ts';
import { RequestRefusal } from './page-error.ts';

const HEARTBEAT_MS = 15_000;
const MAX_STREAMS = 50;

/** `GET /api/overview`, `POST /api/refresh`, and `GET /api/events`: the whole overview once, then each part that becomes another one. */
export function liveRoutes(overview: Overview): Hono {
  const routes = new Hono();
  let streams = 0;

  routes.get('/overview', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json(overview.current);
  });

  routes.post('/refresh', async (c) => c.json(await overview.refresh()));

  routes.get('/events', (c) => {
    if (streams >= MAX_STREAMS) throw new RequestRefusal(429, 'REFUSED', `${MAX_STREAMS} pages are open already; close one.`);
    c.header('Cache-Control', 'no-store');
    streams += 1;
    return streamSSE(c, async (stream) => {
      const changed = new Set<SourceName>();
      let woken = Promise.withResolvers<void>();
      const wake = (): void => woken.resolve();
      const unsubscribe = overview.subscribe((_now, name) => {
        changed.add(name);
        wake();
      });
      stream.onAbort(wake);
      const heartbeat = setInterval(wake, HEARTBEAT_MS).unref();
      try {
        await stream.writeSSE({ event: 'overview', data: JSON.stringify(overview.current) });
        while (!stream.aborted) {
          await woken.promise;
          woken = Promise.withResolvers();
          if (changed.size === 0) await stream.write(': still here\n\n');
          // A slow reader gets fewer views, and always the newest.
          for (const name of changed) {
            changed.delete(name);
            await stream.writeSSE({ event: 'changed', data: JSON.stringify({ name, view: overview.current[name] }) });
          }
        }
      } finally {
        streams -= 1;
        clearInterval(heartbeat);
        unsubscribe();
      }
    });
  });
  return routes;
}
