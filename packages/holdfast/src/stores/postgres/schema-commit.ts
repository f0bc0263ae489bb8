/** One commit of whatever kind is checked and written. */
export const WRITE_COMMIT: string = `CREATE FUNCTION holdfast.write_commit(c jsonb, at bigint, seq_before bigint, INOUT refs jsonb, OUT refusal jsonb) LANGUAGE plpgsql AS $$
DECLARE
  x record;
  idem jsonb := c -> 'idempotency';
  idem_item holdfast.item;
  commit_seq bigint := seq_before + (c ->> 'seq')::bigint;
BEGIN
  SELECT k.seq INTO x FROM holdfast.commit_log k WHERE k.commit_id = c ->> 'commitId';
  IF FOUND THEN
    refusal := jsonb_build_object('kind', 'already', 'seq', x.seq);
    RETURN;
  END IF;
  IF idem IS NOT NULL THEN
    idem_item := holdfast.live_item(holdfast.resolve((idem ->> 'eid')::bigint, refs), '$idem', idem ->> 'key', at);
    IF idem_item.rev IS NOT NULL THEN
      -- Whether it is the same input, the driver says: it can read the body.
      refusal := jsonb_build_object('kind', 'used', 'item', idem_item.body);
      RETURN;
    END IF;
  END IF;
  FOR x IN SELECT m.eid::bigint AS eid, holdfast.resolve(m.eid::bigint, refs) AS known FROM jsonb_array_elements_text(c -> 'entities') AS m (eid) LOOP
    IF x.known IS NULL THEN
      refusal := jsonb_build_object('kind', 'unknown', 'ref', x.eid);
      RETURN;
    ELSIF NOT EXISTS (SELECT FROM holdfast.entity e WHERE e.eid = x.known) THEN
      refusal := jsonb_build_object('kind', 'gone', 'eid', x.eid);
      RETURN;
    END IF;
  END LOOP;
  IF jsonb_array_length(c -> 'creates') > 0 THEN
    SELECT * INTO refs, refusal FROM holdfast.create_entities(c -> 'creates', at, refs);
    IF refusal IS NOT NULL THEN RETURN; END IF;
  END IF;
  IF jsonb_array_length(c -> 'absent') > 0 THEN
    SELECT jsonb_build_object('kind', 'exists', 'ref', a.ref, 'eid', e.eid) INTO refusal
      FROM ROWS FROM (jsonb_to_recordset(c -> 'absent') AS (ref bigint, scope text, id text)) WITH ORDINALITY AS a (ref, scope, id, o)
      JOIN holdfast.entity e ON e.scope = a.scope AND e.id = a.id ORDER BY a.o LIMIT 1;
    IF refusal IS NOT NULL THEN RETURN; END IF;
  END IF;
  IF jsonb_array_length(c -> 'requires') > 0 THEN
    refusal := holdfast.check_requires(c -> 'requires', refs, at);
    IF refusal IS NOT NULL THEN RETURN; END IF;
  END IF;
  IF jsonb_array_length(c -> 'versions') > 0 THEN
    refusal := holdfast.check_versions(c -> 'versions', refs);
    IF refusal IS NOT NULL THEN RETURN; END IF;
  END IF;

  IF commit_seq > seq_before THEN
    INSERT INTO holdfast.commit_log (seq, commit_id, at, meta, sum)
    VALUES (commit_seq, c ->> 'commitId', at, c ->> 'meta', holdfast.commit_sum(commit_seq, c ->> 'commitId', at, c ->> 'meta'));
  END IF;
  IF jsonb_array_length(c -> 'changes') > 0 THEN
    PERFORM holdfast.write_changes(c -> 'changes', seq_before, refs);
  END IF;
  IF idem IS NOT NULL THEN
    PERFORM holdfast.put_item(holdfast.resolve((idem ->> 'eid')::bigint, refs), '$idem', idem ->> 'key', commit_seq,
      idem ->> 'item', at + (idem ->> 'ttlMs')::bigint);
  END IF;
  PERFORM holdfast.write_beside_states(c, refs, at, commit_seq);
END $$;`;

/**
 * `commit_batch`: the port's `commit`, in one call. Its driver sends the batch in segments (encode-batch.ts): a run of commits that
 * only check versions and write changes is checked and written at once; every other commit is walked through on its own. A
 * segment sees what those before it wrote.
 */
export const COMMIT_FUNCTIONS: string = `
-- The store's clock. Not now(): that is when the transaction began, which is before it waited for the writer's lock.
CREATE FUNCTION holdfast.clock_ms() RETURNS bigint LANGUAGE sql VOLATILE
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- An eid as a commit gives it: below 0 it is a ref, whose eid this batch has allotted; null when it has not.
CREATE FUNCTION holdfast.resolve(given bigint, refs jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN CASE WHEN given < 0 THEN (refs ->> given::text)::bigint ELSE given END;

-- Ends the statement and takes back what it wrote; the driver says CORRUPT_STATE. Returns nothing, and has a type so as to stand in expressions.
CREATE FUNCTION holdfast.damaged(what text) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RAISE EXCEPTION '%', what USING ERRCODE = 'HF002';
END $$;

-- Everybody who writes waits here, so that seq is dense in the order of the commits. The lock and the setting end with the transaction.
CREATE FUNCTION holdfast.lock_writer(wait_ms integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Under a stricter level the snapshot is older than the lock, and the checks would read what was true before the wait.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'transactions here are %, but must be read committed', current_setting('transaction_isolation') USING ERRCODE = 'HF003';
  END IF;
  PERFORM set_config('lock_timeout', wait_ms::text, true);
  PERFORM pg_advisory_xact_lock(hashtextextended('{channel}', 0));
END $$;

CREATE FUNCTION holdfast.last_seq() RETURNS bigint LANGUAGE sql STABLE
RETURN coalesce((SELECT max(seq) FROM holdfast.commit_log), 0);

-- Ends a write: tells of it, and sets how long it must live, until the end of this transaction only.
CREATE FUNCTION holdfast.finish(synced boolean, moved_to bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF moved_to IS NOT NULL THEN
    PERFORM pg_notify('{channel}', moved_to::text);
  END IF;
  IF NOT synced THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  ELSIF current_setting('synchronous_commit') = 'off' THEN
    PERFORM set_config('synchronous_commit', 'on', true);
  END IF;
END $$;

-- The item, unless it has expired.
CREATE FUNCTION holdfast.live_item(of_eid bigint, of_collection text, of_key text, at bigint) RETURNS holdfast.item LANGUAGE plpgsql STABLE AS $$
DECLARE
  found_item holdfast.item;
BEGIN
  SELECT * INTO found_item FROM holdfast.item i WHERE i.collection = of_collection AND i.eid = of_eid AND i.key = of_key;
  IF found_item.sum <> holdfast.item_sum(found_item.eid, found_item.collection, found_item.key, found_item.rev, found_item.expires_at, found_item.body) THEN
    PERFORM holdfast.damaged(format('the item %s of the collection %s of the entity with eid %s', of_key, of_collection, of_eid));
  END IF;
  IF found_item.expires_at <= at THEN
    RETURN NULL;
  END IF;
  RETURN found_item;
END $$;

CREATE FUNCTION holdfast.put_item(of_eid bigint, of_collection text, of_key text, new_rev bigint, new_body text, new_expires_at bigint)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO holdfast.item AS i (collection, eid, key, rev, body, expires_at, sum)
  VALUES (of_collection, of_eid, of_key, new_rev, new_body, new_expires_at,
          holdfast.item_sum(of_eid, of_collection, of_key, new_rev, new_expires_at, new_body))
  ON CONFLICT (collection, eid, key) DO UPDATE
    SET rev = excluded.rev, body = excluded.body, expires_at = excluded.expires_at, sum = excluded.sum;
END $$;

-- Deletes entities with everything they have, and logs that they are gone.
CREATE FUNCTION holdfast.drop_entities(gone bigint[], commit_seq bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO holdfast.dropped (eid, seq, n, scope, id, sum)
  SELECT e.eid, commit_seq, g.n, e.scope, e.id,
         CASE WHEN e.sum = holdfast.entity_sum(e.eid, e.scope, e.id, e.parent, e.subject, e.origin, e.ttl_ms, e.expires_at)
              THEN holdfast.dropped_sum(e.eid, commit_seq, g.n::integer, e.scope, e.id)
              ELSE holdfast.damaged(format('the entity %s:%s (eid %s)', e.scope, e.id, e.eid)) END
    FROM unnest(gone) WITH ORDINALITY AS g (eid, n) JOIN holdfast.entity e ON e.eid = g.eid;
  DELETE FROM holdfast.change WHERE eid = ANY (gone);
  DELETE FROM holdfast.snapshot WHERE eid = ANY (gone);
  DELETE FROM holdfast.head WHERE eid = ANY (gone);
  DELETE FROM holdfast.item WHERE eid = ANY (gone);
  DELETE FROM holdfast.entity WHERE eid = ANY (gone);
END $$;

CREATE FUNCTION holdfast.write_changes(changes jsonb, seq_before bigint, refs jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  WITH given AS MATERIALIZED (
    SELECT holdfast.resolve(x.eid, refs) AS eid, x.state, x.version, seq_before + x.seq AS seq, x.n, x."defVersion", x.kind, x.body
      FROM jsonb_to_recordset(changes)
        AS x (eid bigint, state text, version bigint, seq bigint, n integer, "defVersion" bigint, kind text, body text)
  ), moved AS (
    INSERT INTO holdfast.head AS h (eid, state, version, oldest, sum)
    SELECT g.eid, g.state, max(g.version), min(g.version), holdfast.head_sum(g.eid, g.state, max(g.version), min(g.version)) FROM given g GROUP BY g.eid, g.state
    ON CONFLICT (eid, state) DO UPDATE
      SET version = excluded.version, sum = holdfast.head_sum(h.eid, h.state, excluded.version, h.oldest)
  )
  INSERT INTO holdfast.change (eid, state, version, seq, n, def_version, kind, body, sum)
  SELECT g.eid, g.state, g.version, g.seq, g.n, g."defVersion", g.kind, g.body,
         holdfast.change_sum(g.eid, g.state, g.version, g.seq, g.n, g."defVersion", g.kind, g.body) FROM given g;
END $$;

-- Writes a run of commits that only check versions and write changes of entities that exist. Returns the first refusal, if any.
-- Rows are looked up by correlated subqueries on purpose: they stay index lookups whatever a cached plan believes about the size of a table.
CREATE FUNCTION holdfast.write_plain(segment jsonb, at bigint, seq_before bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  refusal jsonb;
BEGIN
  WITH version_rows AS (
    SELECT x.index, x.eid, x.state, x.version, x.made, x.o, coalesce(
             -- what an earlier commit of the run makes of the state, else what is stored
             max(x.made) OVER (PARTITION BY x.eid, x.state ORDER BY x.index GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
             (SELECT CASE WHEN h.sum = holdfast.head_sum(h.eid, h.state, h.version, h.oldest) THEN h.version
                          ELSE holdfast.damaged(format('the head of the state %s of the entity with eid %s', h.state, h.eid)) END
                FROM holdfast.head h WHERE h.eid = x.eid AND h.state = x.state), 0) AS actual
      FROM ROWS FROM (jsonb_to_recordset(segment -> 'versions') AS (index integer, eid bigint, state text, version bigint, made bigint))
           WITH ORDINALITY AS x (index, eid, state, version, made, o)
  )
  SELECT f.refusal INTO refusal FROM (
    SELECT c.index, 1 AS step, 0 AS o, jsonb_build_object('commit', c.index, 'kind', 'already', 'seq', c.known) AS refusal
      FROM (SELECT x.index, coalesce((SELECT k.seq FROM holdfast.commit_log k WHERE k.commit_id = x."commitId"),
                     seq_before + min(nullif(x.seq, 0)) OVER (PARTITION BY x."commitId" ORDER BY x.index ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS known
              FROM jsonb_to_recordset(segment -> 'commits') AS x (index integer, "commitId" text, seq bigint)) c
     WHERE c.known IS NOT NULL
    UNION ALL
    SELECT e.index, 2, e.o, jsonb_build_object('commit', e.index, 'kind', 'gone', 'eid', e.eid)
      FROM ROWS FROM (jsonb_to_recordset(segment -> 'entities') AS (index integer, eid bigint)) WITH ORDINALITY AS e (index, eid, o)
     WHERE (SELECT y.eid FROM holdfast.entity y WHERE y.eid = e.eid) IS NULL
    UNION ALL
    SELECT v.index, 3, v.o, jsonb_build_object('commit', v.index, 'kind', 'conflict', 'eid', v.eid, 'state', v.state, 'expected', v.version, 'actual', v.actual)
      FROM version_rows v WHERE v.version <> v.actual
    UNION ALL
    SELECT v.index, 4, v.o, jsonb_build_object('commit', v.index, 'kind', 'behind', 'state', v.state, 'version', v.made, 'head', v.actual)
      FROM version_rows v WHERE v.made <= v.actual
  ) f ORDER BY f.index, f.step, f.o LIMIT 1;
  IF refusal IS NOT NULL THEN
    RETURN refusal;
  END IF;

  INSERT INTO holdfast.commit_log (seq, commit_id, at, meta, sum)
  SELECT seq_before + x.seq, x."commitId", at, x.meta, holdfast.commit_sum(seq_before + x.seq, x."commitId", at, x.meta)
    FROM jsonb_to_recordset(segment -> 'commits') AS x ("commitId" text, meta text, seq bigint) WHERE x.seq > 0;
  PERFORM holdfast.write_changes(segment -> 'changes', seq_before, '{}');
  RETURN NULL;
END $$;

-- Makes the entities of a commit; those that the batch has made under the same ref stay. Answers \`exists\` for the first one that is there.
CREATE FUNCTION holdfast.create_entities(creates jsonb, at bigint, INOUT refs jsonb, OUT refusal jsonb) LANGUAGE plpgsql AS $$
DECLARE
  e record;
  own jsonb := '{}';
  new_eid bigint;
  new_parent bigint;
BEGIN
  FOR e IN SELECT * FROM jsonb_to_recordset(creates)
             AS r (ref bigint, scope text, id text, parent bigint, subject text, origin text, "ttlMs" bigint) LOOP
    CONTINUE WHEN EXISTS (SELECT FROM holdfast.entity y WHERE y.eid = holdfast.resolve(e.ref, refs));
    SELECT y.eid INTO new_eid FROM holdfast.entity y WHERE y.scope = e.scope AND y.id = e.id;
    IF FOUND THEN
      refusal := jsonb_build_object('kind', 'exists', 'ref', e.ref, 'eid', coalesce((own ->> new_eid::text)::bigint, new_eid));
      RETURN;
    END IF;
    new_parent := holdfast.resolve(e.parent, refs);
    IF e.parent IS NOT NULL AND new_parent IS NULL THEN
      refusal := jsonb_build_object('kind', 'unknown', 'ref', e.parent);
      RETURN;
    END IF;
    new_eid := nextval('holdfast.entity_eid');
    INSERT INTO holdfast.entity (eid, scope, id, parent, subject, origin, ttl_ms, expires_at, sum)
    VALUES (new_eid, e.scope, e.id, new_parent, e.subject, e.origin, e."ttlMs", at + e."ttlMs",
            holdfast.entity_sum(new_eid, e.scope, e.id, new_parent, e.subject, e.origin, e."ttlMs", at + e."ttlMs"));
    refs := refs || jsonb_build_object(e.ref::text, new_eid);
    own := own || jsonb_build_object(new_eid::text, e.ref);
  END LOOP;
END $$;

-- Answers \`unmet\` for the first requirement that does not hold.
CREATE FUNCTION holdfast.check_requires(requires jsonb, refs jsonb, at bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  r record;
  i holdfast.item;
BEGIN
  FOR r IN SELECT * FROM ROWS FROM (jsonb_to_recordset(requires) AS (eid bigint, collection text, key text, rev text))
             WITH ORDINALITY AS t (eid, collection, key, rev, o) LOOP
    i := holdfast.live_item(holdfast.resolve(r.eid, refs), r.collection, r.key, at);
    IF coalesce(i.rev::text, 'absent') <> r.rev THEN
      RETURN jsonb_strip_nulls(jsonb_build_object('kind', 'unmet', 'index', r.o - 1, 'found', CASE WHEN i.rev IS NOT NULL THEN jsonb_build_object(
        'eid', i.eid, 'collection', i.collection, 'key', i.key, 'rev', i.rev, 'body', i.body, 'expiresAt', i.expires_at) END));
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

-- Answers \`conflict\` for the first state that has moved, or \`behind\` for a change that is not behind its head.
CREATE FUNCTION holdfast.check_versions(versions jsonb, refs jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  v record;
  behind jsonb;
BEGIN
  FOR v IN SELECT x.eid, x.state, x.version, x.made, coalesce(
                    (SELECT CASE WHEN h.sum = holdfast.head_sum(h.eid, h.state, h.version, h.oldest) THEN h.version
                                 ELSE holdfast.damaged(format('the head of the state %s of the entity with eid %s', h.state, h.eid)) END
                       FROM holdfast.head h WHERE h.eid = holdfast.resolve(x.eid, refs) AND h.state = x.state), 0) AS actual
             FROM jsonb_to_recordset(versions) AS x (eid bigint, state text, version bigint, made bigint) LOOP
    IF v.version <> v.actual THEN
      RETURN jsonb_build_object('kind', 'conflict', 'eid', v.eid, 'state', v.state, 'expected', v.version, 'actual', v.actual);
    ELSIF v.made <= v.actual AND behind IS NULL THEN
      behind := jsonb_build_object('kind', 'behind', 'state', v.state, 'version', v.made, 'head', v.actual);
    END IF;
  END LOOP;
  RETURN behind;
END $$;

-- Writes puts, deletes, touches and drops of a commit.
CREATE FUNCTION holdfast.write_beside_states(c jsonb, refs jsonb, at bigint, commit_seq bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  p record;
BEGIN
  FOR p IN SELECT r.*, holdfast.resolve(r.eid, refs) AS of_eid FROM jsonb_to_recordset(c -> 'puts')
             AS r (eid bigint, collection text, key text, body text, "ttlMs" bigint, "keepRev" boolean) LOOP
    PERFORM holdfast.put_item(p.of_eid, p.collection, p.key,
      coalesce(CASE WHEN p."keepRev" THEN (holdfast.live_item(p.of_eid, p.collection, p.key, at)).rev END, commit_seq), p.body, at + p."ttlMs");
  END LOOP;
  IF jsonb_array_length(c -> 'deletes') > 0 THEN
    DELETE FROM holdfast.item i USING jsonb_to_recordset(c -> 'deletes') AS d (eid bigint, collection text, key text)
     WHERE i.collection = d.collection AND i.eid = holdfast.resolve(d.eid, refs) AND i.key = d.key;
  END IF;
  FOR p IN SELECT holdfast.resolve(t.eid, refs) AS of_eid, t."ttlMs" FROM jsonb_to_recordset(c -> 'touch') AS t (eid bigint, "ttlMs" bigint) LOOP
    UPDATE holdfast.entity e SET ttl_ms = p."ttlMs", expires_at = at + p."ttlMs", sum =
           CASE WHEN e.sum = holdfast.entity_sum(e.eid, e.scope, e.id, e.parent, e.subject, e.origin, e.ttl_ms, e.expires_at)
                THEN holdfast.entity_sum(e.eid, e.scope, e.id, e.parent, e.subject, e.origin, p."ttlMs", at + p."ttlMs")
                ELSE holdfast.damaged(format('the entity %s:%s (eid %s)', e.scope, e.id, e.eid)) END
     WHERE e.eid = p.of_eid;
  END LOOP;
  IF jsonb_array_length(c -> 'drops') > 0 THEN
    PERFORM holdfast.drop_entities(ARRAY(SELECT holdfast.resolve(d.eid::bigint, refs) FROM jsonb_array_elements_text(c -> 'drops') WITH ORDINALITY AS d (eid, o)
                                          ORDER BY d.o), commit_seq);
  END IF;
END $$;

${WRITE_COMMIT}
-- seq counts from the newest commit of the store; 0 for a commit that leaves no trace. The driver makes a BatchResult of the answer.
CREATE FUNCTION holdfast.commit_batch(batch jsonb, wait_ms integer) RETURNS jsonb LANGUAGE plpgsql
-- Else each call plans its statements anew, which costs a third of a commit that goes alone.
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  at         bigint;
  seq_before bigint;
  traced     bigint := (batch ->> 'traced')::bigint;
  refs       jsonb := '{}';
  refusal    jsonb;
  segment    jsonb;
BEGIN
  PERFORM holdfast.lock_writer(wait_ms);
  at := holdfast.clock_ms();
  seq_before := holdfast.last_seq();
  BEGIN -- a subtransaction: a refusal takes back what the commits before it wrote
    FOR segment IN SELECT jsonb_array_elements(batch -> 'segments') LOOP
      IF segment ? 'commits' THEN
        refusal := holdfast.write_plain(segment, at, seq_before);
      ELSE
        SELECT * INTO refs, refusal FROM holdfast.write_commit(segment, at, seq_before, refs);
        refusal := jsonb_build_object('commit', segment -> 'index') || refusal;
      END IF;
      IF refusal IS NOT NULL THEN RAISE SQLSTATE 'HF001'; END IF;
    END LOOP;
  EXCEPTION WHEN SQLSTATE 'HF001' THEN
    RETURN jsonb_build_object('now', at, 'refusal', refusal);
  END;
  PERFORM holdfast.finish((batch -> 'synced')::boolean, CASE WHEN traced > 0 THEN seq_before + traced END);
  RETURN jsonb_build_object('now', at, 'seqBefore', seq_before, 'refs', refs);
END $$;
`;
