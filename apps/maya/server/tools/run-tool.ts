import { isHoldfastError, type Json } from 'holdfast';
import type { Bar } from '../bar.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';
import { currentSession } from '../session/session-context.ts';
import { BAR_TOOLS } from './bar-tools.ts';
import type { ToolResult } from './bar-tool.ts';
import { ToolCall } from './tool-call.ts';

/** Charge the guest's tab or card, or make them charge more. */
const SPENDING_TOOLS = new Set(['add_to_order', 'place_order', 'set_tip', 'add_tip', 'pay_bill', 'create_stripe_payment']);

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
    const [issue] = parsed.error.issues;
    const code = issue?.path[0] === 'quantity' ? 'INVALID_QUANTITY' : tool.invalidInput;
    throw new Refusal(code, `${name} cannot be called like that: ${issue?.path.join('.') || 'input'}: ${issue?.message}.`);
  });
}

/** Runs `work` as a call of a tool in the session of the context. */
export async function answered(name: string, input: Json, work: (call: ToolCall) => Promise<ToolResult>): Promise<ToolRun> {
  try {
    const context = currentSession();
    if (!context) throw new Refusal('INVALID_SESSION', 'There is no session that this could be done for.');
    if (SPENDING_TOOLS.has(name) && context.turn?.maySpend() === false)
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
