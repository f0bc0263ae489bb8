import type { HouseToolRun } from './house-prompt.ts';

/** Something to say, with the mood it is said in. */
export interface Saying {
  readonly text: string;
  readonly emotion: string;
}

/** Puts the results of a turn's tools into words. */
export function sayRuns(runs: readonly HouseToolRun[]): Saying[] {
  const ordered = runs.filter(({ name, status }) => name === 'add_to_order' && status === 'ok');
  const sayings: Saying[] = ordered.length > 0 ? [sayOrdered(ordered)] : [];
  const messages = new Set<string>();
  for (const run of runs) {
    if (run.status === 'error' && !messages.has(run.message))
      sayings.push({ text: run.message, emotion: run.error === 'INSUFFICIENT_FUNDS' ? 'flustered' : 'thinking' });
    if (run.status === 'error') messages.add(run.message);
    else if (run.name !== 'add_to_order') sayings.push(sayResult(run));
  }
  return sayings;
}

function sayOrdered(runs: readonly HouseToolRun[]): Saying {
  const items = listed(runs.map(({ result }) => field(result, 'item')));
  const last = runs.at(-1)?.result ?? {};
  return {
    text: `Coming right up: ${items}. Your tab is ${field(last, 'tab')}, and you have ${field(last, 'balance')} left.`,
    emotion: 'mixing',
  };
}

function sayResult({ name, result }: HouseToolRun): Saying {
  switch (name) {
    case 'get_menu':
      return say(`Here is what we have. ${priceList(result)}. What will it be?`, 'happy');
    case 'get_recommendation':
      return say(`I would recommend ${listed(texts(result['drinks']), 'or')}.`, 'happy');
    case 'get_balance':
      return say(`You have ${field(result, 'balance')} left, with ${field(result, 'tab')} on your tab.`);
    case 'get_order':
    case 'confirm_order':
      return say(sayOrder(result));
    case 'get_bill':
      return say(sayBill(result));
    case 'pay_bill':
      return say(sayPayment(result), 'happy');
    case 'check_payment_status':
      return say(sayStatus(result));
    case 'place_order':
      return say(`On it! ${listed(texts(result['items']))} will be ready in about ${String(result['minutes'])} minutes.`, 'mixing');
    case 'clear_order':
      return say(sayCleared(result));
    case 'set_tip':
    case 'add_tip':
    case 'get_tip':
      return sayTip(name, result);
    default:
      return say('Done.');
  }
}

function say(text: string, emotion = 'neutral'): Saying {
  return { text, emotion };
}

function sayOrder(result: HouseToolRun['result']): string {
  const items = texts(result['items']);
  if (items.length > 0) return `On the counter: ${listed(items)}. That is ${field(result, 'total')}.`;
  const isSent = result['isFinished'] === true;
  return isSent
    ? `Your order is being made; all in all you have ordered for ${field(result, 'sessionTotal')}.`
    : 'There is nothing on the counter yet. What can I get you?';
}

function sayBill(result: HouseToolRun['result']): string {
  const items = texts(result['items']);
  if (items.length === 0) return 'Your tab is empty; there is nothing to pay.';
  return `Your bill: ${listed(items)}. Tab ${field(result, 'tab')}, tip ${field(result, 'tip')}, so ${field(result, 'total')} in all.`;
}

function sayPayment(result: HouseToolRun['result']): string {
  const hint = result['isSimulated'] === true ? ' The payment is simulated; no real money moves.' : '';
  return `That is ${field(result, 'total')} with a tip of ${field(result, 'tip')}. The link on your card takes you to the payment; it is paid once you confirm it there.${hint}`;
}

function sayStatus(result: HouseToolRun['result']): string {
  if (result['needsReconciliation'] === true)
    return 'I do not know yet whether the payment service has your payment. I keep asking, and nothing is charged twice.';
  if (result['status'] === 'processing') return 'The payment is open: it waits for you to confirm it.';
  if (result['status'] === 'completed') return `All paid, thank you! You have paid ${field(result, 'paidTotal')} so far.`;
  return `There is no payment under way. Your tab is ${field(result, 'tab')}.`;
}

function sayCleared(result: HouseToolRun['result']): string {
  if (result['removedItems'] === 0) return 'There is nothing that I could still take off: what is made or being paid stays.';
  return `Your order is off the counter, and ${field(result, 'refunded')} is back with you. Your balance is ${field(result, 'balance')}.`;
}

function sayTip(name: string, result: HouseToolRun['result']): Saying {
  const { tipPercentage } = result;
  const total = `With your tab that makes ${field(result, 'total')}.`;
  if (tipPercentage === null && field(result, 'tip') === '$0.00')
    return { text: name === 'get_tip' ? 'There is no tip set.' : 'No tip it is, no hard feelings.', emotion: 'neutral' };
  const share = typeof tipPercentage === 'number' ? `${tipPercentage} percent, ` : '';
  if (name === 'get_tip') return { text: `Your tip is ${share}${field(result, 'tip')}. ${total}`, emotion: 'neutral' };
  return { text: `Thank you, that is sweet of you: ${share}${field(result, 'tip')}. ${total}`, emotion: 'happy' };
}

function priceList(result: HouseToolRun['result']): string {
  return texts(result['items']).join(', ');
}

/** Names as they are, and lines of an order or a menu as "name price". */
function texts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.map((each: unknown) => {
    if (typeof each !== 'object' || each === null) return String(each);
    const { item, name, price } = each as { item?: unknown; name?: unknown; price?: unknown };
    return `${String(item ?? name)} ${String(price)}`;
  });
}

function listed(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

function field(result: HouseToolRun['result'], name: string): string {
  const value = result[name];
  return typeof value === 'string' ? value : '';
}
