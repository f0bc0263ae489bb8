import type { StoreUsage, UsageRow } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import type { Int8 } from './rows.ts';

const counted = (kind: UsageRow['kind'], table: string, name: string): string =>
  `SELECT '${kind}' AS kind, e.scope, t.${name} AS name, count(*) AS records, sum(octet_length(t.body)) AS bytes
   FROM holdfast.${table} t JOIN holdfast.entity e USING (eid) WHERE $1::bigint IS NULL OR t.eid = $1 GROUP BY e.scope, t.${name}`;

const USAGE = `
SELECT 'entity' AS kind, scope, NULL AS name, count(*) AS records, 0 AS bytes FROM holdfast.entity WHERE $1::bigint IS NULL OR eid = $1 GROUP BY scope
UNION ALL ${counted('change', 'change', 'state')}
UNION ALL ${counted('snapshot', 'snapshot', 'state')}
UNION ALL ${counted('item', 'item', 'collection')}
UNION ALL SELECT 'commit', NULL, NULL, count(*), sum(octet_length(meta)) FROM holdfast.commit_log WHERE $1::bigint IS NULL HAVING count(*) > 0`;

/** With their indexes, and with what is deleted but not vacuumed yet. */
const TOTAL = `SELECT sum(pg_total_relation_size(oid)) AS bytes FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = to_regnamespace($1)`;

interface CountedRow {
  readonly kind: UsageRow['kind'];
  readonly scope: string | null;
  readonly name: string | null;
  readonly records: Int8;
  readonly bytes: Int8;
}

/** Counts what the tables hold; sizes are taken from the rows' headers, so that no large body is read. */
export async function readUsage(db: Connection, eid: number | undefined): Promise<StoreUsage> {
  const counts = await db.read<CountedRow>(USAGE, [eid ?? null]);
  const rows = counts.map(({ kind, scope, name, records, bytes }) => ({
    kind,
    ...(scope !== null && { scope }),
    ...(name !== null && { name }),
    records: Number(records),
    bytes: Number(bytes),
  }));
  if (eid !== undefined) return { rows };
  const [total] = await db.read<{ readonly bytes: Int8 }>(TOTAL, [`"${db.schema}"`]);
  return { rows, totalBytes: Number(total?.bytes) };
}
