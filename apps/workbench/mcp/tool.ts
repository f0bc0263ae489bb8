import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Method } from '../methods/method.ts';

type Schema = Tool['inputSchema'];

/** A method as clients are told of it. */
export function toolOf(method: Method): Tool {
  const { name, title, description, hints } = method;
  const { readOnly, destructive = false, idempotent = readOnly, openWorld = false } = hints;
  return {
    name,
    title,
    description,
    inputSchema: z.toJSONSchema(method.input, { io: 'input' }) as Schema,
    outputSchema: isWhole(method)
      ? (outputOf(method) as Schema)
      : { type: 'object', properties: { result: outputOf(method) }, required: ['result'] },
    annotations: { title, readOnlyHint: readOnly, destructiveHint: destructive, idempotentHint: idempotent, openWorldHint: openWorld },
  };
}

/** What a method gave, in the shape of its tool's output: an object as it is where the method says what is in it, anything else as `result`. */
export function structured(method: Method, result: unknown): Record<string, unknown> {
  return isWhole(method) ? (result as Record<string, unknown>) : { result: result ?? null };
}

function isWhole({ output }: Method): boolean {
  return output instanceof z.ZodObject;
}

/** Of what comes out; keys that it does not name may be there. */
function outputOf({ output = z.unknown() }: Method): object {
  const { $schema: _same, ...schema } = z.toJSONSchema(output, { io: 'input' });
  return schema;
}
