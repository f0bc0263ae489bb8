import { LISTS, type History, type Operation } from './history.ts';

type Edges = Map<string, Set<string>>;

/**
 * A circle of operations each of which must come before the next, or undefined when there is none: then there is one order of all of them that explains what every one saw,
 * and no operation comes in it before one that had ended when it began. The edges: who appended an id before who appended the next and before who saw it; who
 * did not see an id yet before who appended it; and time.
 */
export function findCircle(history: History): readonly string[] | undefined {
  const edges: Edges = new Map();
  const add = (from: string | undefined, to: string | undefined): void => {
    if (from === undefined || to === undefined || from === to) return;
    const targets = edges.get(from) ?? new Set();
    edges.set(from, targets.add(to));
  };
  for (const list of LISTS) {
    const entries = history.final[list];
    for (const [index, id] of entries.entries()) add(entries[index - 1], id);
    for (const { id, saw, appends } of history.operations) {
      const seen = saw[list];
      if (!seen || appends.includes(list)) continue;
      add(entries[seen.length - 1], id);
      add(id, entries[seen.length]);
    }
  }
  addTime(history.operations, add);
  return circleIn(edges);
}

/** A chain of moments stands for the order in time: what ended leads to its moment, each moment to the next, and from there to what began. */
function addTime(operations: readonly Operation[], add: (from: string, to: string) => void): void {
  const events = operations
    .flatMap(({ id, invokedAt, returnedAt }) => [
      { at: invokedAt, begins: id },
      ...(returnedAt === undefined ? [] : [{ at: returnedAt, ends: id }]),
    ])
    // What begins and ends at one moment is in no order.
    .toSorted((a, b) => a.at - b.at || Number('ends' in a) - Number('ends' in b));
  for (const [index, event] of events.entries()) {
    const moment = `moment ${index}`;
    if (index > 0) add(`moment ${index - 1}`, moment);
    if ('begins' in event) add(moment, event.begins);
    else add(event.ends, moment);
  }
}

/** Takes away what nothing leads to until only circles are left, and walks one of them. */
function circleIn(edges: Edges): readonly string[] | undefined {
  const incoming = new Map<string, number>();
  for (const [from, targets] of edges) {
    incoming.set(from, incoming.get(from) ?? 0);
    for (const to of targets) incoming.set(to, (incoming.get(to) ?? 0) + 1);
  }
  const free = [...incoming].filter(([, count]) => count === 0).map(([id]) => id);
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    incoming.delete(id);
    for (const to of edges.get(id) ?? []) {
      const left = (incoming.get(to) as number) - 1;
      incoming.set(to, left);
      if (left === 0) free.push(to);
    }
  }
  if (incoming.size === 0) return undefined;
  // Each of those that are left is led to by another one that is left: backwards one comes around.
  const path: string[] = [];
  let at = incoming.keys().next().value as string;
  while (!path.includes(at)) {
    path.push(at);
    at = [...incoming.keys()].find((from) => edges.get(from)?.has(at)) as string;
  }
  return path
    .slice(path.indexOf(at))
    .toReversed()
    .filter((id) => !id.startsWith('moment '));
}
