import type { Hono } from 'hono';
import { z } from 'zod';
import { ANSWER_SCHEMAS } from './answer-schemas.ts';
import { operationOf, type Answer, type Operation } from './operation.ts';
import { SESSION_COOKIE, SESSION_HEADER } from './session-cookie.ts';

const COMPONENTS = '#/components/schemas/';

/** The description of the app's routes as OpenAPI 3.1, made from the routes themselves. */
export function openApiOf(app: Hono): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, handler } of app.routes) {
    const described = operationOf(handler);
    if (described) (paths[templateOf(path)] ??= {})[method.toLowerCase()] = asOperation(path, described);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Maya, the bartender agent',
      version: '0.1.0',
      description:
        'A session belongs to whoever has its cookie. Writes from other origins, and requests under foreign host names, are refused.',
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: {
        sessionCookie: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE, description: 'Set by the first message.' },
        sessionHeader: {
          type: 'apiKey',
          in: 'header',
          name: SESSION_HEADER,
          description: `Instead of the cookie: first "new", then what is answered.`,
        },
      },
    },
  };
}

/** `/pay/:id` is `/pay/{id}`. */
function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function asOperation(path: string, { id, summary, session, body, answers }: Operation<z.ZodType>): Record<string, unknown> {
  const parameters = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));
  return {
    operationId: id,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(session && { security: [...(session === 'needed' ? [] : [{}]), { sessionCookie: [] }, { sessionHeader: [] }] }),
    ...(body && {
      requestBody: { required: !body.isOptional, content: json(withoutDialect(z.toJSONSchema(body.schema, { io: 'input' }))) },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, asResponse(answer)])),
      default: asResponse({ description: 'Refused; the code says why.', schema: 'ErrorAnswer' }),
    },
  };
}

function asResponse({ description, schema, mediaType }: Answer): Record<string, unknown> {
  if (schema) return { description, content: json({ $ref: `${COMPONENTS}${schema}` }) };
  return { description, ...(mediaType && { content: { [mediaType]: { schema: { type: isJson(mediaType) ? 'object' : 'string' } } } }) };
}

function isJson(mediaType: string): boolean {
  return mediaType === 'application/json';
}

function json(schema: Record<string, unknown>): Record<string, unknown> {
  return { 'application/json': { schema } };
}

function componentSchemas(): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(ANSWER_SCHEMAS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: (id) => `${COMPONENTS}${id}` });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, withoutDialect(schema)]));
}

/** A document has one dialect, and its parts are found by where they stand. */
function withoutDialect({ $schema: _dialect, $id: _id, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
