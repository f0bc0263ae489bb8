import { Hono } from 'hono';
import { z } from 'zod';
import type { Session } from '../session/session.ts';
import type { TurnRequest } from '../turn/running-turn.ts';
import { admitMessage } from './admission.ts';
import { RequestRefusal } from './contract-errors.ts';
import { eventStream } from './event-stream.ts';
import type { MayaContext } from './maya-context.ts';
import { operation } from './operation.ts';
import { giveSession, requireSession, sessionOf } from './session-cookie.ts';

const MAX_BODY_BYTES = 64 * 1024;
const MAX_CHARACTERS = 2_000;

const ChatSchema = z.object({
  id: z.string().regex(/^[\w-]{1,64}$/),
  text: z.string().max(MAX_CHARACTERS).regex(/\S/),
  isSpoken: z.boolean().optional(),
});
const StopSchema = z.object({ id: ChatSchema.shape.id.optional() });

/** `POST /api/chat` and `POST /api/chat/stop`. */
export function chatRoutes(context: MayaContext): Hono {
  const { sessions, turns, keys, capacity, log } = context;
  const routes = new Hono();

  const speak = operation({
    id: 'sendMessage',
    summary: 'Says something to Maya and hears her answer: the events session, text, tool, state, sentence, audio, complete and error.',
    session: 'read',
    body: { schema: ChatSchema, maxBytes: MAX_BODY_BYTES, refuse: refuseMessage, tooLong },
    answers: { 200: { description: 'Server-sent events until the turn has ended.', mediaType: 'text/event-stream' } },
  });
  routes.post('/', speak, async (c) => {
    const request: TurnRequest = c.req.valid('json');
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
      giveSession(c, session, sessions);
    }
    const notice = found === 'expired' ? { notice: found } : {};
    return eventStream(c, {
      write: async (send, signal) => {
        for await (const { name, data } of turn.events.read(signal)) await send(name, name === 'session' ? { ...data, ...notice } : data);
      },
      log,
    });
  });

  const stop = operation({
    id: 'stopAnswer',
    summary: 'Ends the answer to a message, or every one under way, where it is.',
    session: 'needed',
    body: {
      schema: StopSchema,
      isOptional: true,
      refuse: () => new RequestRefusal(400, 'BAD_REQUEST', 'That is not the id of a message.'),
    },
    answers: { 204: { description: 'It has ended.' } },
  });
  routes.post('/stop', stop, async (c) => {
    const session = await requireSession(c, sessions);
    await turns.stop(session, c.req.valid('json').id);
    return c.body(null, 204);
  });
  return routes;
}

const tooLong = `That is more than I can listen to at once. Please keep it under ${MAX_CHARACTERS.toLocaleString('en-US')} characters.`;

function refuseMessage(issues: readonly z.core.$ZodIssue[]): RequestRefusal {
  if (issues.length === 0) return new RequestRefusal(400, 'BAD_REQUEST', 'That was no JSON.');
  const isAboutText = issues.every(({ path }) => path[0] === 'text');
  if (isAboutText && issues.some(({ code }) => code === 'too_big')) return new RequestRefusal(400, 'MESSAGE_TOO_LONG', tooLong);
  if (isAboutText && issues.some(({ code }) => code === 'invalid_format'))
    return new RequestRefusal(400, 'EMPTY_MESSAGE', 'I did not hear anything. What can I get you?');
  return new RequestRefusal(400, 'BAD_REQUEST', 'A message needs an id (1 to 64 letters, digits, _ or -) and a text.');
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
