import type { StoreUsage, UsageRow } from '../store/index.ts';

/** So many records with so many bytes in their bodies, as they are stored. */
export interface Amount {
  readonly records: number;
  readonly bytes: number;
}

/** What is stored, from several sides. Names, indexes and free pages are in `onDiskBytes` only. */
export interface Usage {
  /** Everything, the log's own records too. */
  readonly total: Amount;
  /** Versions: what changed and when it was written in full. */
  readonly history: Amount;
  /** Whole values, made so that reading is short; compressed where that pays. */
  readonly snapshots: Amount;
  /** Records beside the states: checkpoints, leases, the ledger of effects, idempotency keys. */
  readonly items: Amount;
  /** Who committed what when; of the whole store only. */
  readonly log: Amount;
  /** By scope: how many entities there are, and the bytes of all that they have. `$subject` is the engine's own, for data keys. */
  readonly scopes: Readonly<Record<string, { readonly entities: number; readonly bytes: number }>>;
  /** History and snapshots of each state, by `<scope>/<state>`. */
  readonly states: Readonly<Record<string, { readonly history: Amount; readonly snapshots: Amount }>>;
  /** Of the whole store, where it knows. */
  readonly onDiskBytes?: number;
}

const NOTHING: Amount = { records: 0, bytes: 0 };

/** Sums up what a store has counted. */
export function usageOf({ rows, totalBytes }: StoreUsage): Usage {
  const ofKind = (kind: UsageRow['kind'], of = rows): Amount => sum(of.filter((row) => row.kind === kind));
  return {
    total: sum(rows.filter(({ kind }) => kind !== 'entity')),
    history: ofKind('change'),
    snapshots: ofKind('snapshot'),
    items: ofKind('item'),
    log: ofKind('commit'),
    scopes: grouped(
      rows,
      ({ scope }) => scope,
      (of) => ({ entities: ofKind('entity', of).records, bytes: sum(of).bytes }),
    ),
    states: grouped(rows, stateOf, (of) => ({ history: ofKind('change', of), snapshots: ofKind('snapshot', of) })),
    ...(totalBytes !== undefined && { onDiskBytes: totalBytes }),
  };
}

function stateOf({ scope, name, kind }: UsageRow): string | undefined {
  return kind === 'change' || kind === 'snapshot' ? `${scope}/${name}` : undefined;
}

function sum(rows: readonly UsageRow[]): Amount {
  return rows.reduce((all, { records, bytes }) => ({ records: all.records + records, bytes: all.bytes + bytes }), NOTHING);
}

/** Rows in groups, in the order of their names; those without a name are left out. */
function grouped<T>(
  rows: readonly UsageRow[],
  nameOf: (row: UsageRow) => string | undefined,
  value: (rows: readonly UsageRow[]) => T,
): Readonly<Record<string, T>> {
  const named = [...Map.groupBy(rows, nameOf)].flatMap(([name, of]) => (name === undefined ? [] : [[name, value(of)] as const]));
  return Object.fromEntries(named.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
