import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import type { Session } from '../session/session.ts';
import type { TurnRequest } from '../turn/running-turn.ts';
import { admitMessage } from './admission.ts';
import { RequestRefusal } from './contract-errors.ts';
import { eventStream } from './event-stream.ts';
import type { MayaContext } from './maya-context.ts';
import { giveSession, requireSession, sessionOf } from './session-cookie.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_CHARACTERS = 2_000;

const ChatSchema = z.object({ id: z.string().regex(/^[\w-]{1,64}$/), text: z.string(), isSpoken: z.boolean().optional() });
const StopSchema = z.object({ id: ChatSchema.shape.id.optional() });

/** `POST /api/chat` and `POST /api/chat/stop`. */
export function chatRoutes(context: MayaContext): Hono {
  const { sessions, turns, keys, capacity } = context;
  const routes = new Hono();
  routes.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: () => {
        throw new RequestRefusal(413, 'MESSAGE_TOO_LONG', tooLong);
      },
    }),
  );

  routes.post('/', async (c) => {
    const request = readMessage(await readJson(c.req));
    const found = await sessionOf(c, sessions);
    const isNew = typeof found === 'string';
    if (keys.view(isNew ? undefined : found).isGeminiNeeded)
      throw new RequestRefusal(403, 'KEY_REQUIRED', 'This bar needs your own Gemini key before we can talk. Please enter it under Keys.');
    if (!isNew) assertUnchanged(found, request);
    // Sent again it is the same message, and costs nothing.
    const session =
      !isNew && (isKnown(found, request) || turns.isRunning(found.id, request.id))
        ? found
        : await admitMessage(context, isNew ? undefined : found);
    const turn = turns.start(session, request);
    if (isNew) {
      await turn.begun.promise.finally(() => capacity.leave(session.id));
      giveSession(c, session);
    }
    const notice = found === 'expired' ? { notice: found } : {};
    return eventStream(c, async (send, signal) => {
      for await (const { name, data } of turn.events.read(signal)) await send(name, name === 'session' ? { ...data, ...notice } : data);
    });
  });

  routes.post('/stop', async (c) => {
    const session = await requireSession(c, sessions);
    const body = StopSchema.safeParse(await readJson(c.req).catch(() => ({})));
    if (!body.success) throw new RequestRefusal(400, 'BAD_REQUEST', 'That is not the id of a message.');
    await turns.stop(session, body.data.id);
    return c.body(null, 204);
  });
  return routes;
}

const tooLong = `That is more than I can listen to at once. Please keep it under ${MAX_CHARACTERS.toLocaleString('en-US')} characters.`;

async function readJson(request: { json(): Promise<unknown> }): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new RequestRefusal(400, 'BAD_REQUEST', 'That was no JSON.');
  }
}

function readMessage(body: unknown): TurnRequest {
  const parsed = ChatSchema.safeParse(body);
  if (!parsed.success) throw new RequestRefusal(400, 'BAD_REQUEST', 'A message needs an id (1 to 64 letters, digits, _ or -) and a text.');
  const { id, text, isSpoken } = parsed.data;
  if (text.length > MAX_CHARACTERS) throw new RequestRefusal(400, 'MESSAGE_TOO_LONG', tooLong);
  if (text.trim() === '') throw new RequestRefusal(400, 'EMPTY_MESSAGE', 'I did not hear anything. What can I get you?');
  return { id, text, isSpoken };
}

function isKnown({ conversation }: Session, { id }: TurnRequest): boolean {
  return conversation.current.messages.some((message) => message.id === id);
}

/** A message's id is its key: the same id with another text is not the same message. */
function assertUnchanged({ conversation }: Session, { id, text }: TurnRequest): void {
  const known = conversation.current.messages.find((message) => message.id === id);
  if (known && (known.role !== 'user' || known.text !== text))
    throw new RequestRefusal(409, 'CONFLICT', 'This message was sent before with another text.');
}
