import type { Json } from 'holdfast';
import { orderDrinks } from '../orders/order-drinks.ts';
import { priceLine, whatCanBeDone } from '../orders/order-line.ts';
import type { Bar } from '../bar.ts';
import type { RefusalCode } from '../refusal.ts';
import type { Session } from '../session/session.ts';
import { answered, runTool, type ToolRun } from '../tools/run-tool.ts';
import { tipCall } from '../tools/tip-call.ts';
import { needsAsking, readOffer, understand, type OrderedItem, type OrderReading, type Understanding } from '../understanding/index.ts';

/** What was done before any model: tools that ran, and what has to be asked back, as the refusals that a model answers with a question. */
export interface OrderStep {
  readonly runs: readonly ToolRun[];
  readonly questions: readonly ToolRun[];
  /** The guest is chatting, and nothing that was said is about the bar’s business. */
  readonly isCasual: boolean;
}

/**
 * Reads the guest's text, orders the drinks that were asked for, and runs the tool of an inquiry, after a tip that was named with it; `onRun` hears
 * of each call as it ends.
 */
export async function orderStep(bar: Bar, session: Session, text: string, onRun: (run: ToolRun) => void): Promise<OrderStep> {
  const understood = understand(text, contextOf(bar, session));
  const { decision, inquiry, order, wishes } = understood;
  const runs: ToolRun[] = decision.kind === 'add' ? await orderAll(bar, decision.items) : [];
  runs.forEach(onRun);
  const call = async (tool: string, input: Json): Promise<boolean> => {
    const run = await runTool(bar, tool, input);
    runs.push(run);
    onRun(run);
    return run.answer.status === 'ok';
  };
  if (inquiry) {
    // "pay my bill and tip 15%": once the payment has begun its tip cannot be changed, so one that is not settled comes first.
    const tip = wishes.find((wish) => wish.kind === 'set_tip' || wish.kind === 'add_tip' || wish.kind === 'unclear_tip');
    const isTipped = !tip || (tip.kind !== 'unclear_tip' && (await call(...tipCall(tip))));
    if (isTipped || inquiry.kind !== 'pay_bill') await call(inquiry.kind === 'show_order' ? 'get_order' : inquiry.kind, {});
  }
  const asks = decision.kind === 'ask' || (decision.kind === 'add' && decision.ask) || needsAsking(order);
  return { runs, questions: asks ? questionsFor(understood, text, bar) : [], isCasual: understood.isCasual };
}

function contextOf({ menu, understanding: config }: Bar, session: Session): Parameters<typeof understand>[1] {
  const { messages } = session.conversation.current;
  const before = messages.slice(0, -1);
  const lastReply = before.findLast(({ role }) => role === 'assistant');
  return {
    menu,
    config,
    recentMessages: before.slice(-config.speechAct.contextMessages).map(({ text }) => text),
    lastOffer: lastReply ? readOffer(lastReply.text, menu, config) : null,
    onCounter: session.currentOrder.current.items.map(({ name }) => name),
  };
}

/** One commit for all of them; an answer for each. */
async function orderAll(bar: Bar, items: readonly OrderedItem[]): Promise<ToolRun[]> {
  const input = { items: items.map(({ item, quantity, modifiers }) => ({ item_name: item, quantity, modifiers: [...modifiers] })) };
  let summaries: readonly string[] = [];
  const run = await answered('add_to_order', input, async (call) => {
    const results = await orderDrinks(
      call,
      items.map((item) => priceLine(bar.menu, item)),
    );
    summaries = results.map(({ summary }) => summary);
    return { result: results.map(({ result }) => result), summary: summaries.join(', ') };
  });
  const { answer } = run;
  if (answer.status === 'error') return [run];
  return (answer.result as Json[]).map((result, index) => ({
    name: run.name,
    input: input.items[index] ?? {},
    answer: { status: 'ok', result },
    summary: summaries[index] ?? '',
  }));
}

/** Every part of the wish that was not understood in full, as a question to the guest. Nothing of it was ordered. */
function questionsFor({ order, isTruncated }: Understanding, text: string, { menu, understanding }: Bar): ToolRun[] {
  const question = (error: RefusalCode, message: string): ToolRun => ({
    name: 'add_to_order',
    input: { said: text.slice(0, 200) },
    answer: { status: 'error', error, message },
    summary: message,
  });
  const questions = [
    ...order.invalidQuantities.map(({ item, text: said, problem }) =>
      question('INVALID_QUANTITY', quantityQuestion(item, said, problem, understanding.maxQuantity)),
    ),
    ...order.unknownNames.map((name) =>
      question('ITEM_NOT_FOUND', `We have no ${quoted(name)} on the menu. Shall I show you what we have?`),
    ),
    ...order.ambiguousNames.map(({ text: said, candidates }) =>
      question('ITEM_NOT_FOUND', `Which one did you mean by ${quoted(said)}: ${listed(candidates, 'or')}?`),
    ),
    ...order.unknownModifiers.map(({ item, text: said }) =>
      question('ITEM_NOT_FOUND', `I cannot make the ${item} with ${quoted(said)}. ${whatCanBeDone(menu, item)} Would you like it without?`),
    ),
    ...order.conflictingModifiers.map(({ item, modifiers }) =>
      question('ITEM_NOT_FOUND', `The ${item} can be ${listed(modifiers, 'or')}, but not both. Which shall it be?`),
    ),
  ];
  if (order.conditions.length > 0 || isTruncated)
    questions.push(
      question('ITEM_NOT_FOUND', 'I have not ordered anything yet. Please tell me once more what you would like, just the drinks.'),
    );
  if (questions.length === 0)
    questions.push(question('ITEM_NOT_FOUND', 'I did not quite get which drink you would like. What can I get you?'));
  return questions;
}

function quantityQuestion(
  item: string | null,
  said: string,
  problem: OrderReading['invalidQuantities'][number]['problem'],
  most: number,
): string {
  const drink = item ?? 'drink';
  if (problem === 'without_drink') return `${quoted(said)} of what? Tell me the drink and I will get it.`;
  return `${quoted(said)} ${drink}? I can pour 1 to ${most} of a drink at a time. How many would you like?`;
}

function quoted(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 39)}…` : text}"`;
}

function listed(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}
