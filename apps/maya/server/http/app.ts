import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { chatRoutes } from './chat-routes.ts';
import { continueRoutes } from './continue-routes.ts';
import { answerError, RequestRefusal } from './contract-errors.ts';
import { keyRoutes } from './key-routes.ts';
import { liveEventRoutes } from './live-events.ts';
import type { MayaContext } from './maya-context.ts';
import { mcpRoute } from './mcp-route.ts';
import { operatorRoutes } from './operator-routes.ts';
import { paymentPage } from './payment-page.ts';
import { paymentRoutes } from './payment-routes.ts';
import type { StripeWebhook } from '../payments/stripe-webhook.ts';
import { paymentWebhook } from './payment-webhook.ts';
import { requestGuard, securityHeaders } from './request-guard.ts';
import { sessionRoutes } from './session-routes.ts';

const PAGE_ROOT = fileURLToPath(new URL('../../web/dist', import.meta.url));

export interface AppOptions {
  /** Host names, besides this machine's own, that the server answers to. */
  readonly allowedHosts: readonly string[];
  /** Whether the server is about to end: then nothing new is taken on. */
  readonly isClosing: () => boolean;
  /** Reads the events of `POST /api/payments/webhook`; without it there is no such route. */
  readonly webhook?: StripeWebhook;
}

/** All that the server answers. */
export function mayaApp(context: MayaContext, { allowedHosts, isClosing, webhook }: AppOptions): Hono {
  const app = new Hono();
  app.onError(answerError(context.log));
  app.use(securityHeaders());
  app.use(requestGuard(allowedHosts));
  for (const path of ['/api/*', '/mcp/*'])
    app.use(path, async (_c, next) => {
      if (isClosing()) throw new RequestRefusal(503, 'INTERNAL', 'The bar is closing for a moment. Please try again shortly.');
      await next();
    });
  app.route('/', operatorRoutes(context, app));
  if (webhook) app.route('/api/payments/webhook', paymentWebhook(context, webhook));
  app.route('/api/chat', chatRoutes(context));
  app.route('/api/events', liveEventRoutes(context));
  app.route('/api/keys', keyRoutes(context));
  app.route('/api', sessionRoutes(context));
  app.route('/api', paymentRoutes(context));
  app.route('/', continueRoutes(context));
  app.route('/pay', paymentPage(context));
  app.route('/mcp', mcpRoute(context));
  app.all('/api/*', () => {
    throw new RequestRefusal(404, 'BAD_REQUEST', 'There is nothing here.');
  });
  if (existsSync(PAGE_ROOT))
    app.use(
      serveStatic({
        root: PAGE_ROOT,
        onFound: (path, c) => c.header('Cache-Control', path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache'),
      }),
    );
  else app.use('/', async (c) => c.text('The page is not built yet: run npm run build.', 503));
  app.notFound((c) => c.text('There is nothing here.', 404));
  return app;
}
