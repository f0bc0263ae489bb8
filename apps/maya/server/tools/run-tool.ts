import { isHoldfastError, type Json } from 'holdfast';
import type { z } from 'zod';
import type { Bar } from '../bar.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';
import { currentSession } from '../session/session-context.ts';
import { BAR_TOOLS } from './bar-tools.ts';
import type { BarTool, ToolResult } from './bar-tool.ts';
import { ToolCall } from './tool-call.ts';

/** What a tool answers a model with. */
export type ToolAnswer =
  | { readonly status: 'ok'; readonly result: Json }
  | { readonly status: 'error'; readonly error: RefusalCode; readonly message: string; readonly needsReconciliation?: true };

/** A tool call that has ended. */
export interface ToolRun {
  readonly name: string;
  readonly input: Json;
  readonly answer: ToolAnswer;
  readonly summary: string;
}

/**
 * Runs a tool for the session of the context. A refusal is an answer; what is thrown is a fault of the bar itself.
 * @throws {TypeError} when there is no tool of that name.
 */
export function runTool(bar: Bar, name: string, input: Json): Promise<ToolRun> {
  const tool = BAR_TOOLS.get(name);
  if (!tool) throw new TypeError(`There is no tool ${name}.`);
  return answered(name, input, async (call) => {
    const parsed = tool.input.safeParse(input);
    if (parsed.success) return await tool.run(parsed.data, bar, call);
    throw misfit(tool, parsed.error);
  });
}

/** The refusal of an input that does not fit. */
export function misfit({ name, invalidInput }: Pick<BarTool, 'name' | 'invalidInput'>, { issues: [issue] }: z.ZodError): Refusal {
  const codes: Readonly<Record<string, RefusalCode>> = { quantity: 'INVALID_QUANTITY', session: 'INVALID_SESSION' };
  const code = codes[String(issue?.path[0])] ?? invalidInput;
  return new Refusal(code, `${name} cannot be called like that: ${issue?.path.join('.') || 'input'}: ${issue?.message}.`);
}

/** Runs `work` as a call of a tool in the session of the context. */
export async function answered(name: string, input: Json, work: (call: ToolCall) => Promise<ToolResult>): Promise<ToolRun> {
  try {
    const context = currentSession();
    if (!context) throw new Refusal('INVALID_SESSION', 'There is no session that this could be done for.');
    if (BAR_TOOLS.get(name)?.hints.spends && context.maySpend?.() === false)
      throw new Refusal(
        'PAYMENT_FAILED',
        'I cannot take orders or payments for the moment. Nothing was charged; please try again shortly.',
      );
    const { result, summary } = await work(new ToolCall(context, name, input));
    return { name, input, answer: { status: 'ok', result }, summary };
  } catch (error) {
    const { code, message, needsReconciliation } = refusalOf(error);
    const answer = { status: 'error', error: code, message, ...(needsReconciliation && { needsReconciliation }) } as const;
    return { name, input, answer, summary: message };
  }
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (isHoldfastError(error, 'CONCURRENT_MODIFICATION'))
    return new Refusal('CONCURRENT_MODIFICATION', 'Something else changed this just now, so I left it as it is. Shall I try again?');
  if (isHoldfastError(error, 'EFFECT_UNKNOWN'))
    return new Refusal('PAYMENT_TIMEOUT', 'Another payment is not settled yet. I keep asking; please try again in a moment.', {
      needsReconciliation: true,
    });
  throw error;
}
