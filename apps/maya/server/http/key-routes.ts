import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { KeyFault, type KeyFaultKind } from '../keys/key-fault.ts';
import { KeyFormReplaced } from '../keys/session-keys.ts';
import { admitMessage } from './admission.ts';
import { RequestRefusal } from './contract-errors.ts';
import type { KeysView } from './contract.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';
import { giveSession, requireSession, sessionOf } from './session-cookie.ts';

const KeySchema = z.string().max(500).optional();
const FormSchema = z.strictObject({ gemini: KeySchema, cartesia: KeySchema });

const KEYS = { 200: { description: 'Where each key comes from.', schema: 'KeysView' } } as const;

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

  const read = operation({ id: 'readKeys', summary: 'Which keys there are, never the keys.', session: 'read', answers: KEYS });
  routes.get('/', read, async (c) => {
    const found = await sessionOf(c, sessions);
    c.header('Cache-Control', 'no-store');
    return c.json<KeysView>(keys.view(typeof found === 'string' ? undefined : found));
  });

  const give = operation({
    id: 'giveKeys',
    summary:
      'Checks keys with their services and stores them; one that is left out or empty stays as it was. Makes a session where there is none.',
    session: 'read',
    body: {
      schema: FormSchema,
      refuse: () => new RequestRefusal(400, 'BAD_REQUEST', 'A key form has the texts gemini and cartesia, each of 500 characters at most.'),
    },
    answers: KEYS,
  });
  routes.post('/', give, async (c) => {
    const found = await sessionOf(c, sessions);
    // Checking a key costs a call of a service, so it counts like a message.
    const session = await admitMessage(context, typeof found === 'string' ? undefined : found);
    try {
      await keys.give(session, withoutUnset(c.req.valid('json')));
    } catch (error) {
      if (error instanceof KeyFormReplaced) throw new RequestRefusal(409, 'CONFLICT', error.message);
      if (!(error instanceof KeyFault)) throw error;
      if (error.kind === 'server_configuration') log.error({ err: error.cause }, 'a key could not be stored');
      throw new RequestRefusal(STATUS[error.kind], `KEY_${error.kind.toUpperCase()}`, error.message, { field: error.key });
    } finally {
      capacity.leave(session.id);
    }
    if (session !== found) giveSession(c, session, sessions);
    return c.json<KeysView>(keys.view(session));
  });

  const remove = operation({ id: 'removeKeys', summary: 'Forgets the keys of the session.', session: 'needed', answers: KEYS });
  routes.delete('/', remove, async (c) => {
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
