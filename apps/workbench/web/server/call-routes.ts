import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { CALL_TARGETS } from '../../client/actions.ts';
import type { Calls } from '../../client/calls.ts';
import { RequestRefusal } from './page-error.ts';

const MAX_BODY_BYTES = 1_024 * 1_024;

const Body = z.strictObject({
  target: z.enum(CALL_TARGETS),
  method: z.string().min(1).max(100),
  input: z.record(z.string(), z.unknown()),
});

/** `POST /api/call`: a method by its name, whose table checks the rest. */
export function callRoutes(calls: Calls): Hono {
  const routes = new Hono();
  routes.post('/call', bodyLimit({ maxSize: MAX_BODY_BYTES, onError: refuseLongBody }), async (c) => {
    // A form of another site can send texts, but not this type without asking first.
    if (!c.req.header('content-type')?.startsWith('application/json'))
      throw new RequestRefusal(415, 'INVALID_INPUT', 'A call is sent as application/json.');
    const body = Body.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) throw new RequestRefusal(400, 'INVALID_INPUT', `That is no call: ${z.prettifyError(body.error)}`);
    const result = await calls.call(body.data);
    c.header('Cache-Control', 'no-store');
    return c.json({ result: result ?? null });
  });
  return routes;
}

function refuseLongBody(): never {
  throw new RequestRefusal(413, 'INVALID_INPUT', 'That is more than 1 MB.');
}
