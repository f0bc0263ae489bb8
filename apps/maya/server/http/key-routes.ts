import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { KeyFault, type KeyFaultKind } from '../keys/key-fault.ts';
import { KeyFormReplaced } from '../keys/session-keys.ts';
import { admitMessage } from './admission.ts';
import { RequestRefusal } from './contract-errors.ts';
import type { KeysView } from './contract.ts';
import type { MayaContext } from './maya-context.ts';
import { giveSession, requireSession, sessionOf } from './session-cookie.ts';

const KeySchema = z.string().max(500).optional();
const FormSchema = z.strictObject({ gemini: KeySchema, cartesia: KeySchema });

const STATUS: Readonly<Record<KeyFaultKind, ContentfulStatusCode>> = {
  empty: 400,
  invalid: 400,
  quota: 429,
  network: 502,
  server_configuration: 503,
  unknown: 502,
};

/** `GET`, `POST` and `DELETE /api/keys`. No answer ever holds a key. */
export function keyRoutes(context: MayaContext): Hono {
  const { sessions, keys, clients, capacity, log } = context;
  const routes = new Hono();
  routes.use(bodyLimit({ maxSize: 4_096 }));

  routes.get('/', async (c) => {
    const found = await sessionOf(c, sessions);
    c.header('Cache-Control', 'no-store');
    return c.json<KeysView>(keys.view(typeof found === 'string' ? undefined : found));
  });

  routes.post('/', async (c) => {
    const form = FormSchema.safeParse(await c.req.json<unknown>().catch(() => undefined));
    if (!form.success)
      throw new RequestRefusal(400, 'BAD_REQUEST', 'A key form has the texts gemini and cartesia, each of 500 characters at most.');
    const found = await sessionOf(c, sessions);
    // Checking a key costs a call of a service, so it counts like a message.
    const session = await admitMessage(context, typeof found === 'string' ? undefined : found);
    try {
      await keys.give(session, withoutUnset(form.data));
    } catch (error) {
      if (error instanceof KeyFormReplaced) throw new RequestRefusal(409, 'CONFLICT', error.message);
      if (!(error instanceof KeyFault)) throw error;
      if (error.kind === 'server_configuration') log.error({ err: error.cause }, 'a key could not be stored');
      throw new RequestRefusal(STATUS[error.kind], `KEY_${error.kind.toUpperCase()}`, error.message, { field: error.key });
    } finally {
      capacity.leave(session.id);
    }
    if (session !== found) giveSession(c, session);
    return c.json<KeysView>(keys.view(session));
  });

  routes.delete('/', async (c) => {
    const session = await requireSession(c, sessions);
    await keys.remove(session);
    clients.end(session.id);
    return c.json<KeysView>(keys.view(session));
  });
  return routes;
}

function withoutUnset({ gemini, cartesia }: z.output<typeof FormSchema>): { readonly gemini?: string; readonly cartesia?: string } {
  return { ...(gemini !== undefined && { gemini }), ...(cartesia !== undefined && { cartesia }) };
}
