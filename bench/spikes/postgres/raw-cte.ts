import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type pg from 'pg';

/**
 * The floor: what somebody writes by hand who knows that all commits are increments of states that exist. One statement moves
 * seq and heads with a version check and inserts commits and changes, all from arrays; there are no kinds of refusal, no items and no signal.
 */
export async function incrementByHand(
  client: pg.Client,
  schema: string,
  eids: readonly number[],
  versions: readonly number[],
): Promise<void> {
  const commitIds = eids.map(() => randomUUID());
  const bodies = versions.map((version) => JSON.stringify([['replace', ['value'], version + 1]]));
  const sums = eids.map((eid, i) => crc32(bodies[i]!, crc32([eid, 'count', versions[i]! + 1, 1, 'patch'].join('\x1f'))));
  const result = await client.query(
    `WITH given AS (SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::bigint[]) WITH ORDINALITY AS g (eid, version, commit_id, body, sum, n)),
     counter AS (UPDATE ${schema}.meta SET seq = seq + $6 RETURNING seq - $6 AS before),
     moved AS (UPDATE ${schema}.head h SET version = g.version + 1 FROM given g
                WHERE h.eid = g.eid AND h.state = 'count' AND h.version = g.version RETURNING g.*),
     logged AS (INSERT INTO ${schema}.commit (seq, commit_id, at, meta)
                SELECT before + n, commit_id, floor(extract(epoch FROM now()) * 1000), '{"actor":"spike","cause":"increment"}' FROM moved, counter)
     INSERT INTO ${schema}.change (eid, state, version, seq, def_version, kind, body, sum)
     SELECT eid, 'count', version + 1, before + n, 1, 'patch', body, sum FROM moved, counter`,
    [eids, versions, commitIds, bodies, sums, eids.length],
  );
  if (result.rowCount !== eids.length) throw new Error('a version had moved');
}
