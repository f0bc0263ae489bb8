import type { Json } from 'holdfast';
import type { z } from 'zod';
import type { Bar } from '../bar.ts';
import type { RefusalCode } from '../refusal.ts';
import type { ToolCall } from './tool-call.ts';

/** What a tool gives to the model, and in a few words to the page. */
export interface ToolResult {
  readonly result: Json;
  readonly summary: string;
}

/** Something that a model can do for the guest. */
export interface BarTool<Input = never> {
  readonly name: string;
  /** For the model: what it does and when to call it. */
  readonly description: string;
  readonly input: z.ZodType<Input>;
  /** The refusal for an input that does not fit. */
  readonly invalidInput: RefusalCode;
  /** @throws {Refusal} when it cannot be done; nothing was changed then. */
  run(input: Input, bar: Bar, call: ToolCall): Promise<ToolResult>;
}

/** Makes a tool, with the input's type taken from its schema. */
export function defineTool<Input>(tool: BarTool<Input>): BarTool {
  return tool as BarTool;
}
