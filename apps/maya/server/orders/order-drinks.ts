import { Refusal } from '../refusal.ts';
import type { ToolCall } from '../tools/tool-call.ts';
import type { ToolResult } from '../tools/bar-tool.ts';
import { formatAmount } from './format-amount.ts';
import { atomicOrderUpdate } from './order-changes.ts';
import { describeLine, type OrderLine } from './order-line.ts';

/**
 * Orders the lines in one commit, all or nothing, and gives a result for each. When something else moved the tab meanwhile it looks again and
 * tries once more.
 * @throws {Refusal} INSUFFICIENT_FUNDS, CONCURRENT_MODIFICATION.
 */
export async function orderDrinks<const Lines extends readonly OrderLine[]>(
  call: ToolCall,
  lines: Lines,
): Promise<{ [Index in keyof Lines]: ToolResult }> {
  const { session } = call;
  const summaries = lines.map((line) => `${describeLine(line)}: ${formatAmount(line.unitPrice * line.quantity)}`);
  const order = (): ReturnType<typeof atomicOrderUpdate> =>
    atomicOrderUpdate(session, lines, {
      ...call.commitOptions,
      expectedVersion: session.payment.version,
      idPrefix: call.id,
      alsoWrite: (drafts) => summaries.forEach((summary) => call.log(drafts, summary)),
    });
  const update = await order().catch(async (error: unknown) => {
    if (!(error instanceof Refusal) || error.code !== 'CONCURRENT_MODIFICATION') throw error;
    await session.payment.refresh();
    return await order();
  });
  call.ordered();
  const [balance, tab] = [formatAmount(update.balance), formatAmount(update.tab)];
  const results = lines.map((line, index): ToolResult => {
    const price = formatAmount(line.unitPrice * line.quantity);
    return { result: { item: describeLine(line), price, balance, tab }, summary: summaries[index] ?? '' };
  });
  return results as { [Index in keyof Lines]: ToolResult };
}
