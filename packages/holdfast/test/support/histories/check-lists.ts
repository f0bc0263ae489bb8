import { LISTS, type History, type ListName, type Operation } from './history.ts';

/**
 * What is wrong with each list by itself, in sentences; none when it is linearizable. Since nothing is ever taken out, the number of ids that an operation saw is its place
 * in the one order that there can be: what it saw must be the beginning of the final list, and of two operations the one that had ended before the
 * other began must not come behind it.
 */
export function checkLists(history: History): string[] {
  return LISTS.flatMap((list) => [...checkEntries(history, list), ...checkOrder(history, list)]);
}

function checkEntries({ operations, final }: History, list: ListName): string[] {
  const problems: string[] = [];
  const entries = final[list];
  const there = new Map<string, number>();
  for (const id of entries) there.set(id, (there.get(id) ?? 0) + 1);
  for (const [id, times] of there) if (times > 1) problems.push(`${list} has ${id} ${times} times`);
  const appended = new Set<string>();
  for (const { id, appends, outcome, saw } of operations) {
    if (appends.includes(list)) {
      appended.add(id);
      if (outcome === 'done' && !there.has(id)) problems.push(`${id} was acknowledged and is not in ${list}`);
      if (outcome === 'refused' && there.has(id)) problems.push(`${id} was refused and is in ${list}`);
    }
    const seen = saw[list];
    if (!seen) continue;
    if (seen.some((each, index) => each !== entries[index])) problems.push(`${id} saw in ${list} what is not its beginning`);
    if (appends.includes(list) && entries[seen.length] !== id) problems.push(`${id} is not in ${list} where it was appended`);
  }
  for (const id of there.keys()) if (!appended.has(id)) problems.push(`${list} has ${id}, which nobody appended`);
  return problems;
}

/** The length of the list before and after the operation; undefined when it did nothing to it that is known. */
function placeOf({ id, appends, saw }: Operation, list: ListName, index: ReadonlyMap<string, number>): [number, number] | undefined {
  const at = appends.includes(list) ? index.get(id) : undefined;
  if (at !== undefined) return [at, at + 1];
  const seen = saw[list];
  return seen && [seen.length, seen.length];
}

function checkOrder({ operations, final }: History, list: ListName): string[] {
  const index = new Map(final[list].map((id, at) => [id, at]));
  const placed = operations.flatMap((operation) => {
    const place = placeOf(operation, list, index);
    return place ? [{ operation, before: place[0], after: place[1] }] : [];
  });
  const ended = placed
    .flatMap((each) => (each.operation.returnedAt === undefined ? [] : [{ ...each, at: each.operation.returnedAt }]))
    .toSorted((a, b) => a.at - b.at);
  const problems: string[] = [];
  let last = { after: 0, id: '' };
  let next = 0;
  for (const { operation, before } of placed.toSorted((a, b) => a.operation.invokedAt - b.operation.invokedAt)) {
    for (let end = ended[next]; end && end.at < operation.invokedAt; end = ended[(next += 1)])
      if (end.after > last.after) last = { after: end.after, id: end.operation.id };
    if (last.after > before)
      problems.push(`${operation.id} began after ${last.id} had ended and comes before it in ${list} (${before} < ${last.after})`);
  }
  return problems;
}
