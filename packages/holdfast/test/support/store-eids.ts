import type { BatchResult, Commit, Store } from 'holdfast/store';

/** A store whose eids are 1, 2, 3 … in the order in which they were given out, as those of a store are that takes back those of refused batches. */
export function withEidsOfModel(store: Store): Store {
  const shown = new Map<number, number>();
  const own = new Map<number, number>();
  const toOwn = (eid: number): number => (eid < 0 ? eid : (own.get(eid) ?? eid + 1e9));
  const toShown = (eid: number, unknown: number): number =>
    eid < 0 || eid >= 1e9 ? eid - (eid < 0 ? 0 : 1e9) : (shown.get(eid) ?? unknown);
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
        const nth = property === 'commit' ? nthOfBatch(args[0] as readonly Commit[], result as BatchResult) : Number.NaN;
        return mapEids(result, (eid) => toShown(eid, shown.size + nth));
      };
    },
  });
}

/** Where the batch was refused for an entity that it would have made itself: which one of them, from 1. Otherwise NaN. */
function nthOfBatch(batch: readonly Commit[], result: BatchResult): number {
  if (result.ok || result.refusal.kind !== 'exists') return Number.NaN;
  const { ref } = result.refusal;
  const creates = batch.slice(0, result.index + 1).flatMap((commit) => commit.creates);
  const made = creates.filter((each, index) => creates.findIndex((other) => other.ref === each.ref) === index);
  const { scope, id } = made.find((each) => each.ref === ref) ?? {};
  const index = made.findLastIndex((each) => each.ref !== ref && each.scope === scope && each.id === id);
  return index === -1 ? Number.NaN : index + 1;
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
