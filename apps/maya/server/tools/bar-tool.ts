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

/** What a caller may assume of a tool. */
export interface ToolHints {
  /** Changes nothing. */
  readonly readOnly?: boolean;
  /** Charges the guest's tab or card, or makes them charge more: refused when nobody can tell whether what was said is harmless. */
  readonly spends?: boolean;
  /** Takes away what was there. */
  readonly destructive?: boolean;
  /** Calling it again with the same input changes nothing more. */
  readonly idempotent?: boolean;
  /** Asks a payment service. */
  readonly openWorld?: boolean;
}

/** Something that a model can do for the guest. */
export interface BarTool<Input = never> {
  readonly name: string;
  /** For people who look through the tools. */
  readonly title: string;
  /** For the model: what it does and when to call it. */
  readonly description: string;
  readonly hints: ToolHints;
  readonly input: z.ZodType<Input> & { readonly shape: z.ZodRawShape };
  /** The refusal for an input that does not fit. */
  readonly invalidInput: RefusalCode;
  /** @throws {Refusal} when it cannot be done; nothing was changed then. */
  run(input: Input, bar: Bar, call: ToolCall): Promise<ToolResult>;
}

/** Makes a tool, with the input's type taken from its schema. */
export function defineTool<Input>(tool: BarTool<Input>): BarTool {
  return tool as BarTool;
}
