import type { Tool } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Method } from '../methods/method.ts';

/** A method as clients are told of it. */
export function toolOf(method: Method): Tool {
  const { name, title, description, hints } = method;
  const { readOnly, destructive = false, idempotent = readOnly, openWorld = false } = hints;
  return {
    name,
    title,
    description,
    inputSchema: published(method.input),
    outputSchema: published(outputOf(method)),
    annotations: { title, readOnlyHint: readOnly, destructiveHint: destructive, idempotentHint: idempotent, openWorldHint: openWorld },
  };
}

/** What a method gave, in the shape of its tool's output. */
export function structured(method: Method, result: unknown): Record<string, unknown> {
  return isObject(method.output) ? (result as Record<string, unknown>) : { result: result ?? null };
}

/** An object as it is where the method says what is in it, anything else as `result`. */
function outputOf({ output = z.json() }: Method): z.ZodObject {
  return isObject(output) ? output : z.object({ result: output });
}

function isObject(output: Method['output']): output is z.ZodObject {
  return output instanceof z.ZodObject;
}

/** Of what comes out too, keys that the schema does not name may be there. */
function published(schema: z.ZodObject): Tool['inputSchema'] {
  return z.toJSONSchema(schema, { io: 'input' }) as Tool['inputSchema'];
}
