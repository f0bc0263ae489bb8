import { z } from 'zod';

/** What a client may assume of a method; the hints of MCP tools. */
export interface MethodHints {
  /** Changes nothing. */
  readonly readOnly: boolean;
  /** May take away what was there. Default of a method that changes something: false. */
  readonly destructive?: boolean;
  /** Calling it again with the same input changes nothing more. */
  readonly idempotent?: boolean;
  /** Reaches services outside this machine. */
  readonly openWorld?: boolean;
}

/** Something that clients can call: over D-Bus, the socket, MCP, the command and the page alike. Its input is checked before it runs. */
export interface Method {
  /** `snake_case`; unique in its table. */
  readonly name: string;
  readonly title: string;
  /** For whom chooses among methods: what it does, and when to use it. */
  readonly description: string;
  readonly input: z.ZodObject;
  /** What it gives. Absent where that is any JSON. */
  readonly output?: z.ZodType;
  readonly hints: MethodHints;
  /** @throws {WorkbenchError} with a sentence for the caller. Gives JSON. */
  readonly run: (input: never) => unknown;
}

/** Defines a method: its input is typed by its schema, where unknown keys are refused. */
export function defineMethod<Shape extends z.ZodRawShape>(options: {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Shape;
  readonly output?: z.ZodType;
  readonly hints: MethodHints;
  readonly run: (input: z.output<z.ZodObject<Shape, z.core.$strict>>) => unknown;
}): Method {
  return { ...options, input: z.strictObject(options.input) };
}
