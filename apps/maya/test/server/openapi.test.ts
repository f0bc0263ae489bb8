import { AjvJsonSchemaValidator } from '@modelcontextprotocol/server/validators/ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { OpenBar } from '../support/open-bar.ts';

let bar: OpenBar;
let document: OpenApi;

beforeAll(async () => {
  bar = await OpenBar.open();
  document = (await (await bar.visitor().request('/openapi.json')).json()) as OpenApi;
});
afterAll(() => bar[Symbol.asyncDispose]());

/** The parts of OpenAPI 3.1 that the description is made of; anything else in it is a mistake. */
const JsonSchema = z.record(z.string(), z.unknown());
const Content = z.record(z.string().regex(/^\w+\/[\w.+-]+$/), z.strictObject({ schema: JsonSchema }));
const Response = z.strictObject({ description: z.string().min(1), content: Content.optional() });
const OperationObject = z.strictObject({
  operationId: z.string().regex(/^[a-z]\w+$/i),
  summary: z.string().min(1),
  parameters: z
    .array(z.strictObject({ name: z.string(), in: z.literal('path'), required: z.literal(true), schema: JsonSchema }))
    .min(1)
    .optional(),
  security: z.array(z.partialRecord(z.enum(['sessionCookie', 'sessionHeader']), z.tuple([]))).optional(),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$|^default$/), Response),
});
const Document = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post', 'delete']), OperationObject)),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[\w.-]+$/), JsonSchema),
    securitySchemes: z.record(
      z.enum(['sessionCookie', 'sessionHeader']),
      z.strictObject({ type: z.literal('apiKey'), in: z.enum(['cookie', 'header']), name: z.string(), description: z.string() }),
    ),
  }),
});
type OpenApi = z.infer<typeof Document>;

/** Every operation with its place. */
function operations(): { readonly method: string; readonly path: string; readonly operation: z.infer<typeof OperationObject> }[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => (operation ? [{ method, path, operation }] : [])),
  );
}

/** A schema of the description, with what it refers to, as a schema that stands alone. */
function alone(schema: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')) as Record<string, unknown>;
}

function validator(schema: Record<string, unknown>): (value: unknown) => boolean {
  const validate = new AjvJsonSchemaValidator().getValidator(alone(schema));
  return (value) => validate(value).valid;
}

describe('the description of the API', () => {
  it('is OpenAPI 3.1, with names that are unique and references that lead somewhere', () => {
    expect(Document.parse(document)).toEqual(document);
    const ids = operations().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect([...new Set(references)].toSorted()).toEqual(known.filter((name) => references.includes(name)).toSorted());
    for (const schema of Object.values(document.components.schemas)) expect(() => validator(schema)).not.toThrow();
  });

  it('has every route, and nothing else', () => {
    const routes = bar.maya.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`);
    const described = operations().map(({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    expect(new Set(described)).toEqual(new Set(routes));
    expect(described).toContain('POST /api/chat');
  });

  it('names the parameters of each path', () => {
    for (const { path, operation } of operations()) {
      const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(operation.parameters?.map(({ name }) => name) ?? []).toEqual(names);
    }
  });
});

/** Bodies that are near what routes take, fitting or not. */
const BODIES: Readonly<Record<string, readonly unknown[]>> = {
  '/api/chat': [
    { id: 'a', text: 'hello' },
    { id: 'b', text: 'hello', isSpoken: true },
    { id: 'c', text: 'x'.repeat(2_000) },
    { id: 'd', text: 'x'.repeat(2_001) },
    { id: 'e', text: '  ' },
    { id: '../e', text: 'hello' },
    { id: 'f' },
    { id: 'g', text: 'hello', isSpoken: 'yes' },
    [],
    'hello',
  ],
  '/api/chat/stop': [{}, { id: 'a' }, { id: '' }, { id: 7 }, []],
  '/api/keys': [{}, { gemini: '' }, { gemini: 'x'.repeat(501) }, { gemini: 7 }, { other: 'x' }],
  '/api/tip': [
    { percentage: 10 },
    { percentage: 20 },
    { percentage: null },
    { percentage: 12 },
    { percentage: '10' },
    {},
    { percentage: 10, more: 1 },
  ],
};

/** Whether an answer is that to a body which fits, granted or not. */
function isTaken(status: number, error: string | undefined): boolean {
  return status < 400 || !['BAD_REQUEST', 'MESSAGE_TOO_LONG', 'EMPTY_MESSAGE', 'INVALID_TIP_PERCENTAGE'].includes(error ?? '');
}

describe('the bodies that are described', () => {
  it('are those of all routes that take one', () => {
    const withBody = operations().filter(({ operation }) => operation.requestBody);
    expect(new Set(withBody.map(({ path }) => path))).toEqual(new Set(Object.keys(BODIES)));
  });

  it.each(Object.entries(BODIES))('are what %s takes, and what is not described is refused', async (path, bodies) => {
    const guest = bar.visitor();
    await guest.say('a rum please');
    const fits = validator(document.paths[path]!.post!.requestBody!.content['application/json']!.schema);
    expect(new Set(bodies.map(fits))).toEqual(new Set([true, false]));
    for (const body of bodies) {
      const response = await guest.post(path, body);
      const text = await response.text();
      const error = response.status < 400 ? undefined : (JSON.parse(text) as { error: string }).error;
      expect([body, isTaken(response.status, error)]).toEqual([body, fits(body)]);
    }
  });

  it.each(Object.keys(BODIES))('are not longer than %s can take', async (path) => {
    const response = await bar.visitor().post(path, { text: 'x'.repeat(100_000) });
    expect([response.status, await response.json()]).toEqual([413, { error: 'MESSAGE_TOO_LONG', message: expect.any(String) as string }]);
  });
});

describe('the answers that are described', () => {
  it.each([
    ['GET', '/api/session', undefined, 200],
    ['GET', '/api/keys', undefined, 200],
    ['GET', '/healthz', undefined, 200],
    ['POST', '/api/tip', { percentage: 15 }, 200],
    ['POST', '/api/pay', undefined, 200],
    ['POST', '/api/tip', { percentage: 12 }, 400],
    ['POST', '/api/pay/cancel', undefined, 409],
    ['DELETE', '/api/keys', undefined, 200],
    ['POST', '/api/keys', { gemini: '' }, 400],
  ])('%s %s with %j is one of %i', async (method, path, body, status) => {
    const guest = bar.visitor();
    await guest.say('two dry martinis please');
    const response = await guest.request(path, { method, ...(body && { body: JSON.stringify(body) }) });
    expect(response.status).toBe(status);
    const { responses } = document.paths[path]![method.toLowerCase() as 'get']!;
    const { schema } = (responses[String(status)] ?? responses['default']!).content!['application/json']!;
    expect(validator(schema)(await response.json())).toBe(true);
    expect(validator(schema)({ other: 'thing' })).toBe(false);
  });
});
