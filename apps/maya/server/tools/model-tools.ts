import { jsonSchema, tool, type JSONSchema7, type ToolSet } from 'ai';
import type { Json } from 'holdfast';
import { z } from 'zod';
import type { Bar } from '../bar.ts';
import { BAR_TOOLS } from './bar-tools.ts';
import { runTool, type ToolAnswer, type ToolRun } from './run-tool.ts';

/** Made once: a turn has no time for it. */
const INPUT_SCHEMAS: ReadonlyMap<string, JSONSchema7> = new Map(
  [...BAR_TOOLS.values()].map(({ name, input }) => [name, z.toJSONSchema(input, { io: 'input' }) as JSONSchema7]),
);

/**
 * The bar's tools as the AI SDK wants them, for one turn; a call begins when `passed` lets it, and `onRun` hears of each. Arguments are checked
 * by the tools themselves, so that a model gets the same codes as everybody else.
 */
export function modelTools(
  bar: Bar,
  { passed, onRun }: { readonly passed: (callId: string) => Promise<void>; readonly onRun: (run: ToolRun) => void },
): ToolSet {
  const execute = async (name: string, input: Json, callId: string): Promise<ToolAnswer> => {
    await passed(callId);
    const run = await runTool(bar, name, input);
    onRun(run);
    return run.answer;
  };
  const tools = [...BAR_TOOLS.values()].map(({ name, description }) => {
    return [
      name,
      tool({
        description,
        inputSchema: jsonSchema<Json>(INPUT_SCHEMAS.get(name) ?? {}),
        execute: (given, { toolCallId }) => execute(name, given, toolCallId),
      }),
    ] as const;
  });
  return Object.fromEntries(tools);
}
