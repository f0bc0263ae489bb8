import { statSync } from 'node:fs';
import type { UsageRow } from '../../store/index.ts';
import type { Connection } from './connection.ts';

const counted = (kind: UsageRow['kind'], table: string, name: string, condition: string): string =>
  `SELECT '${kind}' AS kind, scope, ${name} AS name, count(*) AS records, sum(octet_length(body)) AS bytes
   FROM ${table} JOIN entity USING (eid) ${condition} GROUP BY scope, ${name}`;

const allKinds = (condition: string): string => `
SELECT 'entity' AS kind, scope, NULL AS name, count(*) AS records, 0 AS bytes FROM entity ${condition} GROUP BY scope
UNION ALL ${counted('change', 'change', 'state', condition)}
UNION ALL ${counted('snapshot', 'snapshot', 'state', condition)}
UNION ALL ${counted('item', 'item', 'collection', condition)}`;

const OF_ONE = allKinds('WHERE eid = ?1');
const OF_ALL = `${allKinds('')} UNION ALL SELECT 'commit', NULL, NULL, count(*), sum(octet_length(meta)) FROM commit_log HAVING count(*) > 0`;

interface CountedRow {
  readonly kind: UsageRow['kind'];
  readonly scope: string | null;
  readonly name: string | null;
  readonly records: number;
  readonly bytes: number;
}

/** Counts what the tables hold; sizes are taken from the rows' headers, so that no body is read. */
export function readUsage(db: Connection, eid: number | undefined): readonly UsageRow[] {
  const found = eid === undefined ? db.all<CountedRow>(OF_ALL) : db.all<CountedRow>(OF_ONE, eid);
  return found.map(({ kind, scope, name, records, bytes }) => ({
    kind,
    ...(scope !== null && { scope }),
    ...(name !== null && { name }),
    records,
    bytes,
  }));
}

/** The database with its write-ahead log. */
export function fileBytes(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}
