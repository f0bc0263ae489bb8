import type { Handler, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import type { SchemaName } from './answer-schemas.ts';
import { RequestRefusal } from './contract-errors.ts';

/** What a route is for, what it takes and what it answers: told in `/openapi.json`, and the body kept to here. */
export interface Operation<Body extends z.ZodType = z.ZodNever> {
  /** Unique; a verb and its object. */
  readonly id: string;
  readonly summary: string;
  /** Whether the cookie of a session is needed, or read where there is one. Default: no. */
  readonly session?: 'needed' | 'read';
  readonly body?: OperationBody<Body>;
  /** By status. Every refusal is an `ErrorAnswer` besides. */
  readonly answers: Readonly<Record<number, Answer>>;
}

interface OperationBody<Body extends z.ZodType> {
  readonly schema: Body;
  /** Where nothing at all may be sent. */
  readonly isOptional?: boolean;
  /** Default 4,096. */
  readonly maxBytes?: number;
  /** What a body that does not fit is refused with; no issues: it is no JSON. */
  readonly refuse: (issues: readonly z.core.$ZodIssue[]) => Error;
  /** What a body that is too long is refused with. Default: a plain sentence. */
  readonly tooLong?: string;
}

export interface Answer {
  readonly description: string;
  /** Of JSON. */
  readonly schema?: SchemaName;
  /** Of what is no JSON. */
  readonly mediaType?: string;
}

const OPERATIONS = new WeakMap<object, Operation<z.ZodType>>();

/** Describes the route whose handler it stands before, and gives that handler the checked body as `c.req.valid('json')`. */
export function operation<Body extends z.ZodType = z.ZodNever>(
  described: Operation<Body>,
): MiddlewareHandler<object, string, { in: { json: z.input<Body> }; out: { json: z.output<Body> } }> {
  const { body } = described;
  const limit = body && limitBody(body.maxBytes ?? 4_096, body.tooLong);
  const middleware: ReturnType<typeof operation<Body>> = async (c, next) => {
    if (!body || !limit) return await next();
    return await limit(c, async () => {
      const parsed = body.schema.safeParse(readJson(await c.req.text(), body));
      if (!parsed.success) throw body.refuse(parsed.error.issues);
      c.req.addValidatedData('json', parsed.data as object);
      await next();
    });
  };
  OPERATIONS.set(middleware, described);
  return middleware;
}

/** What a handler of the app describes, if it does. */
export function operationOf(handler: Handler | MiddlewareHandler): Operation<z.ZodType> | undefined {
  return OPERATIONS.get(handler);
}

function limitBody(maxSize: number, message = 'That is more than this takes.'): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: () => {
      throw new RequestRefusal(413, 'MESSAGE_TOO_LONG', message);
    },
  });
}

function readJson(text: string, { isOptional = false, refuse }: OperationBody<z.ZodType>): unknown {
  if (text === '' && isOptional) return {};
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse([]);
  }
}
