import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { Logger } from 'pino';
import type { Calls } from '../../client/calls.ts';
import type { Overview } from '../../client/overview.ts';
import type { Access } from './access.ts';
import { callRoutes } from './call-routes.ts';
import { liveRoutes } from './live-routes.ts';
import { answerError, RequestRefusal } from './page-error.ts';
import { requestGuard, securityHeaders } from './request-guard.ts';

const PAGE_ROOT = fileURLToPath(new URL('../dist', import.meta.url));

export interface PageOptions {
  readonly overview: Overview;
  readonly calls: Calls;
  readonly access: Access;
  readonly log: Logger;
}

/** All that the page's server answers. */
export function pageApp({ overview, calls, access, log }: PageOptions): Hono {
  const app = new Hono();
  app.onError(answerError(log));
  app.use(securityHeaders());
  app.use(requestGuard());
  app.use(access.guard());
  app.route('/api', liveRoutes(overview));
  app.route('/api', callRoutes(calls));
  app.all('/api/*', () => {
    throw new RequestRefusal(404, 'NOT_FOUND', 'There is nothing here.');
  });
  if (existsSync(PAGE_ROOT)) app.use(serveStatic({ root: PAGE_ROOT, onFound: (_path, c) => c.header('Cache-Control', 'no-cache') }));
  app.get('/', (c) => c.text('The page is not built yet: run npm run build.', 503));
  app.notFound((c) => c.text('There is nothing here.', 404));
  return app;
}
