import { COLLECTION } from '../../store/index.ts';

/** The port's `sweep` and `compact`. Both wait for the writer's lock: a sweep takes a seq, and a compaction must not meet a deletion. */
export const SWEEP_AND_COMPACT: string = `
CREATE FUNCTION holdfast.sweep(max_rows integer, new_commit_id text, wait_ms integer) RETURNS jsonb LANGUAGE plpgsql
-- A plan made while little was expired or nothing was stored must not walk over everything later.
SET enable_seqscan = off SET enable_sort = off AS $$
DECLARE
  at        bigint;
  gone      bigint[];
  items     bigint;
  new_seq   bigint;
BEGIN
  PERFORM holdfast.lock_writer(wait_ms);
  at := holdfast.clock_ms();
  gone := ARRAY(
    SELECT e.eid FROM holdfast.entity e
     WHERE e.expires_at <= at AND (
       SELECT true FROM holdfast.item i WHERE i.eid = e.eid AND i.collection IN ('${COLLECTION.lease}', '${COLLECTION.openEffect}')
          AND (i.expires_at IS NULL OR i.expires_at > at) LIMIT 1) IS NULL
     ORDER BY e.expires_at LIMIT max_rows);
  IF cardinality(gone) > 0 THEN
    new_seq := holdfast.last_seq() + 1;
    INSERT INTO holdfast.commit_log (seq, commit_id, at, meta, sum)
    VALUES (new_seq, new_commit_id, at, '{"flags":["deleted"]}', holdfast.commit_sum(new_seq, new_commit_id, at, '{"flags":["deleted"]}'));
    PERFORM holdfast.drop_entities(gone, new_seq);
  END IF;
  WITH expired AS MATERIALIZED (
    SELECT i.collection, i.eid, i.key FROM holdfast.item i WHERE i.expires_at <= at ORDER BY i.expires_at LIMIT max_rows
  ), deleted AS (
    DELETE FROM holdfast.item i USING expired x WHERE i.collection = x.collection AND i.eid = x.eid AND i.key = x.key
      AND CASE WHEN i.sum = holdfast.item_sum(i.eid, i.collection, i.key, i.rev, i.expires_at, i.body) THEN true
               ELSE holdfast.damaged(format('the item %s of the collection %s of the entity with eid %s', i.key, i.collection, i.eid)) > 0 END
    RETURNING 1
  )
  SELECT count(*) INTO items FROM deleted;
  PERFORM holdfast.finish(true, new_seq);
  RETURN jsonb_build_object('seq', new_seq, 'items', items, 'dropped', (
    SELECT coalesce(jsonb_agg(jsonb_build_object('eid', d.eid, 'scope', d.scope, 'id', d.id) ORDER BY d.n), '[]') FROM holdfast.dropped d WHERE d.seq = new_seq));
END $$;

CREATE FUNCTION holdfast.compact(plan jsonb, wait_ms integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  p record;
BEGIN
  PERFORM holdfast.lock_writer(wait_ms);
  -- The entity may have been deleted since the plan was made.
  INSERT INTO holdfast.snapshot AS t (eid, state, version, def_version, codec, body, sum)
  SELECT s.eid, s.state, s.version, s."defVersion", s.codec, decode(s.body, 'base64'), s.sum
    FROM jsonb_to_recordset(plan -> 'snapshots') AS s (eid bigint, state text, version bigint, "defVersion" bigint, codec text, body text, sum bigint)
   WHERE s.version <= (SELECT h.version FROM holdfast.head h WHERE h.eid = s.eid AND h.state = s.state)
  ON CONFLICT (eid, state, version) DO UPDATE
    SET def_version = excluded.def_version, codec = excluded.codec, body = excluded.body, sum = excluded.sum;
  FOR p IN SELECT * FROM jsonb_to_recordset(plan -> 'prune') AS r (eid bigint, state text, "beforeVersion" bigint, "keepSnapshots" jsonb) LOOP
    UPDATE holdfast.head h SET oldest = least(p."beforeVersion", h.version), sum =
           CASE WHEN h.sum = holdfast.head_sum(h.eid, h.state, h.version, h.oldest)
                THEN holdfast.head_sum(h.eid, h.state, h.version, least(p."beforeVersion", h.version))
                ELSE holdfast.damaged(format('the head of the state %s of the entity with eid %s', h.state, h.eid)) END
     WHERE h.eid = p.eid AND h.state = p.state AND h.oldest < least(p."beforeVersion", h.version);
    IF FOUND THEN
      DELETE FROM holdfast.change c USING holdfast.head h
       WHERE h.eid = p.eid AND h.state = p.state AND c.eid = p.eid AND c.state = p.state AND c.version < h.oldest;
    END IF;
    IF p."keepSnapshots" IS NOT NULL THEN
      DELETE FROM holdfast.snapshot s WHERE s.eid = p.eid AND s.state = p.state AND s.version < p."beforeVersion"
         AND NOT p."keepSnapshots" @> to_jsonb(s.version);
    END IF;
  END LOOP;
  PERFORM holdfast.finish(false, NULL);
END $$;
`;
