import type { BatchResult, Commit, Store } from 'holdfast/store';

/** A store whose eids are 1, 2, 3 … in the order in which they were given out, as those of a store are that takes back those of refused batches. */
export function withEidsOfModel(store: Store): Store {
  const shown = new Map<number, number>();
  const own = new Map<number, number>();
  const toOwn = (eid: number): number => (eid < 0 ? eid : (own.get(eid) ?? eid + 1e9));
  const toShown = (eid: number): number => (eid < 0 || eid >= 1e9 ? eid - (eid < 0 ? 0 : 1e9) : (shown.get(eid) ?? Number.NaN));
  return new Proxy(store, {
    get: (target, property) => {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        const ofEid = property === 'heads' || property === 'load';
        const given = args.map((arg, nth) => (ofEid && nth === 0 ? toOwn(arg as number) : mapEids(arg, toOwn)));
        const result: unknown = await (value as (...given: readonly unknown[]) => unknown).apply(target, given);
        for (const { eid } of createdIn(result)) {
          if (shown.has(eid)) continue;
          shown.set(eid, shown.size + 1);
          own.set(shown.size, eid);
        }
        const takenBack = property === 'commit' ? refusedFor(args[0] as readonly Commit[], result as BatchResult) : undefined;
        if (takenBack)
          return mapEids(result, (eid) => (eid === takenBack.eid && !shown.has(eid) ? shown.size + takenBack.nth : toShown(eid)));
        return mapEids(result, toShown);
      };
    },
  });
}

/** The entity that is in the way of a refused batch, and which one of those it is that the batch itself would have made. */
function refusedFor(batch: readonly Commit[], result: BatchResult): { readonly eid: number; readonly nth: number } | undefined {
  // One of the refused commit itself is named by its ref.
  if (result.ok || result.refusal.kind !== 'exists' || result.refusal.eid < 0) return undefined;
  const { eid, ref } = result.refusal;
  const creates = batch.slice(0, result.index + 1).flatMap((commit) => commit.creates);
  const made = creates.filter((each, index) => creates.findIndex((other) => other.ref === each.ref) === index);
  const { scope, id } = made.find((each) => each.ref === ref) ?? {};
  return { eid, nth: made.findLastIndex((each) => each.ref !== ref && each.scope === scope && each.id === id) + 1 };
}

/** In the order in which they were made. */
function createdIn(result: unknown): readonly { readonly eid: number }[] {
  const { created = [] } = (result ?? {}) as { readonly created?: readonly { readonly eid: number }[] };
  return created.toSorted((a, b) => a.eid - b.eid);
}

function mapEids(value: unknown, map: (eid: number) => number, name?: string): unknown {
  if (typeof value === 'number') return name === 'eid' || name === 'parent' || name === 'drops' ? map(value) : value;
  if (Array.isArray(value)) return value.map((each) => mapEids(each, map, name === 'drops' ? name : undefined));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapEids(each, map, key)]));
}
