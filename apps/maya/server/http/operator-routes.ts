import { Hono } from 'hono';
import type { MayaContext } from './maya-context.ts';
import { openApiOf } from './openapi.ts';
import { operation } from './operation.ts';

/** `/healthz`, `/metrics` and `/openapi.json`: for who runs the bar, or builds on it. */
export function operatorRoutes({ bar, metrics }: MayaContext, app: Hono): Hono {
  const routes = new Hono();
  const health = operation({
    id: 'health',
    summary: 'Whether the bar is open and its store answers.',
    answers: { 200: { description: 'It is.', schema: 'Health' } },
  });
  routes.get('/healthz', health, async (c) => {
    await bar.state.list({ scope: 'conversation', limit: 1 });
    return c.json({ status: 'ok' });
  });
  const measure = operation({
    id: 'metrics',
    summary: 'What Prometheus asks for.',
    answers: { 200: { description: 'Prometheus’ text format.', mediaType: 'text/plain' } },
  });
  routes.get('/metrics', measure, async (c) => c.text(await metrics.text(), 200, { 'Content-Type': metrics.contentType }));
  const describe = operation({
    id: 'describe',
    summary: 'This description.',
    answers: { 200: { description: 'OpenAPI 3.1.', mediaType: 'application/json' } },
  });
  routes.get('/openapi.json', describe, (c) => c.json(openApiOf(app)));
  return routes;
}
