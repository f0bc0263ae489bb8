-- One store is one schema; the name `holdfast` is replaced to make a second one. Every name is qualified, so that no session
-- needs a search_path. Text sorts by bytes (COLLATE "C"), whatever the database's own locale is. Bodies and
-- meta are JSON in text, which only their reader parses: jsonb would refuse the \u0000 that JSON may hold.

CREATE SCHEMA holdfast;

CREATE TABLE holdfast.meta (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  store_id text NOT NULL,
  format   integer NOT NULL,
  seq      bigint NOT NULL
) WITH (fillfactor = 10);

CREATE TABLE holdfast.entity (
  eid        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  scope      text COLLATE "C" NOT NULL,
  id         text COLLATE "C" NOT NULL,
  parent     bigint,
  subject    text,
  origin     text,
  ttl_ms     bigint,
  expires_at bigint,
  UNIQUE (scope, id)
);
CREATE INDEX entity_expiry ON holdfast.entity (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX entity_parent ON holdfast.entity (parent) WHERE parent IS NOT NULL;

CREATE TABLE holdfast.commit (
  seq       bigint PRIMARY KEY,
  commit_id text COLLATE "C" NOT NULL UNIQUE,
  at        bigint NOT NULL,
  meta      text NOT NULL,
  drops     jsonb
);

CREATE TABLE holdfast.head (
  eid     bigint NOT NULL,
  state   text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (eid, state)
) WITH (fillfactor = 50);

CREATE TABLE holdfast.change (
  eid         bigint NOT NULL,
  state       text COLLATE "C" NOT NULL,
  version     bigint NOT NULL,
  seq         bigint NOT NULL,
  def_version integer NOT NULL,
  kind        text NOT NULL,
  body        text NOT NULL,
  sum         bigint NOT NULL,
  PRIMARY KEY (eid, state, version)
);
CREATE INDEX change_seq ON holdfast.change (seq);

CREATE TABLE holdfast.item (
  collection text COLLATE "C" NOT NULL,
  eid        bigint NOT NULL,
  key        text COLLATE "C" NOT NULL,
  rev        bigint NOT NULL,
  body       text NOT NULL,
  expires_at bigint,
  sum        bigint NOT NULL,
  PRIMARY KEY (collection, eid, key)
);
CREATE INDEX item_expiry ON holdfast.item (expires_at) WHERE expires_at IS NOT NULL;
CREATE INDEX item_entity ON holdfast.item (eid);

INSERT INTO holdfast.meta VALUES (true, gen_random_uuid()::text, 1, 0);

-- The store's clock. Not now(): that is when the transaction began, which is before it waited for the writer's lock.
CREATE FUNCTION holdfast.clock_ms() RETURNS bigint LANGUAGE sql VOLATILE
RETURN floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint;

-- CRC-32 of the key fields and the body, as store/checksum.ts has it, but with U+001F between the fields: Postgres has no NUL in
-- text, and joining bytes instead makes writing a change a third dearer. crc32(bytea) is there since Postgres 18.
CREATE FUNCTION holdfast.change_sum(eid bigint, state text, version bigint, def_version integer, kind text, body text) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN crc32(convert_to(eid || E'\x1f' || state || E'\x1f' || version || E'\x1f' || def_version || E'\x1f' || kind || body, 'UTF8'));

CREATE FUNCTION holdfast.item_sum(collection text, eid bigint, key text, rev bigint, expires_at bigint, body text) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN crc32(convert_to(collection || E'\x1f' || eid || E'\x1f' || key || E'\x1f' || rev || E'\x1f' || coalesce(expires_at::text, '') || body, 'UTF8'));

-- An eid as a commit gives it: below 0 it is a ref, whose eid this batch has allotted.
CREATE FUNCTION holdfast.resolve(given bigint, refs jsonb) RETURNS bigint LANGUAGE sql IMMUTABLE
RETURN CASE WHEN given < 0 THEN (refs ->> given::text)::bigint ELSE given END;

CREATE FUNCTION holdfast.live_item(of_collection text, of_eid bigint, of_key text, at bigint) RETURNS holdfast.item LANGUAGE sql STABLE
BEGIN ATOMIC
  SELECT i FROM holdfast.item i
   WHERE i.collection = of_collection AND i.eid = of_eid AND i.key = of_key AND (i.expires_at IS NULL OR i.expires_at > at);
END;

-- Makes the entities of a commit. Answers `exists` for the first one that is there.
CREATE FUNCTION holdfast.create_entities(creates jsonb, at bigint, INOUT refs jsonb, OUT refusal jsonb) LANGUAGE plpgsql AS $$
DECLARE
  e record;
  found_eid bigint;
BEGIN
  FOR e IN SELECT * FROM jsonb_to_recordset(creates)
             AS r (ref bigint, scope text, id text, parent bigint, subject text, origin text, "ttlMs" bigint) LOOP
    SELECT eid INTO found_eid FROM holdfast.entity WHERE scope = e.scope AND id = e.id;
    IF FOUND THEN
      refusal := jsonb_build_object('kind', 'exists', 'ref', e.ref, 'eid', found_eid);
      RETURN;
    END IF;
    INSERT INTO holdfast.entity (scope, id, parent, subject, origin, ttl_ms, expires_at)
    VALUES (e.scope, e.id, holdfast.resolve(e.parent, refs), e.subject, e.origin, e."ttlMs", at + e."ttlMs")
    RETURNING eid INTO found_eid;
    refs := refs || jsonb_build_object(e.ref::text, found_eid);
  END LOOP;
END $$;

-- Answers `unmet` for the first requirement that does not hold.
CREATE FUNCTION holdfast.check_requires(requires jsonb, refs jsonb, at bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  r record;
  i holdfast.item;
BEGIN
  FOR r IN SELECT x ->> 'collection' AS collection, (x ->> 'eid')::bigint AS eid, x ->> 'key' AS key, x ->> 'rev' AS rev, n - 1 AS index
             FROM jsonb_array_elements(requires) WITH ORDINALITY AS t (x, n) ORDER BY n LOOP
    i := holdfast.live_item(r.collection, holdfast.resolve(r.eid, refs), r.key, at);
    IF coalesce(i.rev::text, 'absent') <> r.rev THEN
      RETURN jsonb_strip_nulls(jsonb_build_object('kind', 'unmet', 'index', r.index, 'found', CASE WHEN i.rev IS NULL THEN NULL ELSE jsonb_build_object(
        'eid', i.eid, 'collection', i.collection, 'key', i.key, 'rev', i.rev, 'body', i.body, 'expiresAt', i.expires_at) END));
    END IF;
  END LOOP;
  RETURN NULL;
END $$;

CREATE FUNCTION holdfast.put_item(of_collection text, of_eid bigint, of_key text, new_rev bigint, new_body text, new_expires_at bigint) RETURNS void LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO holdfast.item AS i (collection, eid, key, rev, body, expires_at, sum)
  VALUES (of_collection, of_eid, of_key, new_rev, new_body, new_expires_at,
          holdfast.item_sum(of_collection, of_eid, of_key, new_rev, new_expires_at, new_body))
  ON CONFLICT (collection, eid, key) DO UPDATE
    SET rev = excluded.rev, body = excluded.body, expires_at = excluded.expires_at, sum = excluded.sum;
END;

-- Writes puts, deletes, touches and drops of a commit. Returns the entities that were dropped.
CREATE FUNCTION holdfast.write_beside_states(c jsonb, refs jsonb, at bigint, commit_seq bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  p record;
  gone bigint[];
  dropped jsonb;
BEGIN
  FOR p IN SELECT r.*, holdfast.resolve(r.eid, refs) AS of_eid FROM jsonb_to_recordset(c -> 'puts')
             AS r (eid bigint, collection text, key text, body text, "ttlMs" bigint, "keepRev" boolean) LOOP
    PERFORM holdfast.put_item(p.collection, p.of_eid, p.key,
      coalesce(CASE WHEN p."keepRev" THEN (holdfast.live_item(p.collection, p.of_eid, p.key, at)).rev END, commit_seq), p.body, at + p."ttlMs");
  END LOOP;
  IF jsonb_array_length(c -> 'deletes') > 0 THEN
    DELETE FROM holdfast.item i USING jsonb_to_recordset(c -> 'deletes') AS d (eid bigint, collection text, key text)
     WHERE i.collection = d.collection AND i.eid = holdfast.resolve(d.eid, refs) AND i.key = d.key;
  END IF;
  IF jsonb_array_length(c -> 'touch') > 0 THEN
    UPDATE holdfast.entity e SET ttl_ms = t."ttlMs", expires_at = at + t."ttlMs"
      FROM jsonb_to_recordset(c -> 'touch') AS t (eid bigint, "ttlMs" bigint) WHERE e.eid = holdfast.resolve(t.eid, refs);
  END IF;
  IF jsonb_array_length(c -> 'drops') > 0 THEN
    SELECT array_agg(holdfast.resolve(d::bigint, refs)) INTO gone FROM jsonb_array_elements_text(c -> 'drops') d;
    WITH e AS (DELETE FROM holdfast.entity WHERE eid = ANY (gone) RETURNING eid, scope, id)
    SELECT jsonb_agg(jsonb_build_object('eid', eid, 'scope', scope, 'id', id)) INTO dropped FROM e;
    DELETE FROM holdfast.head WHERE eid = ANY (gone);
    DELETE FROM holdfast.change WHERE eid = ANY (gone);
    DELETE FROM holdfast.item WHERE eid = ANY (gone);
  END IF;
  RETURN dropped;
END $$;

-- The first commit of a batch that was written before, names an entity that is gone, or expects another version, as far as that
-- can be said for the whole batch at once. Heads are looked up by correlated subqueries on purpose: they stay index
-- lookups whatever a cached plan believes about the size of the table.
CREATE FUNCTION holdfast.first_refusal(batch jsonb, seq_before bigint) RETURNS TABLE (n integer, step integer, refusal jsonb) LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH expected AS (
    SELECT x.n, x.eid, x.state, x.version, coalesce(
             -- what an earlier commit of the batch makes of the state, else what is stored; what a ref stands for has nothing yet
             max(x.made) OVER (PARTITION BY x.eid, x.state ORDER BY x.n GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
             (SELECT h.version FROM holdfast.head h WHERE h.eid = x.eid AND h.state = x.state), 0) AS actual
      FROM jsonb_to_recordset(batch -> 'versions') AS x (n integer, eid bigint, state text, version bigint, made bigint)
  ), named AS (
    SELECT x.n, x.eid FROM jsonb_to_recordset(batch -> 'entities') AS x (n integer, eid bigint)
  )
  SELECT f.n, f.step, f.refusal FROM (
    SELECT c.n, 1 AS step, jsonb_build_object('kind', 'already', 'seq', c.known) AS refusal
      FROM (SELECT x.n, coalesce((SELECT k.seq FROM holdfast.commit k WHERE k.commit_id = x."commitId"),
                     seq_before + min(nullif(x.seq, 0)) OVER (PARTITION BY x."commitId" ORDER BY x.n ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) AS known
              FROM jsonb_to_recordset(batch -> 'commits') AS x (n integer, "commitId" text, seq bigint)) c
     WHERE c.known IS NOT NULL
    UNION ALL
    SELECT e.n, 2, jsonb_build_object('kind', 'gone', 'eid', e.eid) FROM named e
     WHERE (e.eid > 0 AND (SELECT y.eid FROM holdfast.entity y WHERE y.eid = e.eid) IS NULL)
        OR EXISTS (SELECT FROM jsonb_to_recordset(batch -> 'drops') AS d (n integer, eid bigint) WHERE d.eid = e.eid AND d.n < e.n)
    UNION ALL
    SELECT e.n, 3, jsonb_build_object('kind', 'conflict', 'eid', e.eid, 'state', e.state, 'expected', e.version, 'actual', e.actual)
      FROM expected e WHERE e.version <> e.actual
  ) f ORDER BY f.n, f.step LIMIT 1;
END;

-- The port's commit(batch). Its driver sends the batch by kind of row (encode-batch.ts); `n` is a commit's place in the batch.
-- Plain commits are checked and written all at once; only those with creations, requirements, items, touches, drops or an
-- idempotency key are walked one by one. Returns a BatchResult.
CREATE FUNCTION holdfast.holdfast_commit(batch jsonb) RETURNS jsonb LANGUAGE plpgsql
-- Else each call plans its statements anew, which costs a third of a commit that goes alone.
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  at         bigint;
  seq_before bigint;
  seq_after  bigint;
  seqs       bigint[];
  drops      jsonb := '{}';
  refs       jsonb := '{}';
  bad        record;
  refused_at integer;
  refusal    jsonb;
  c          jsonb;
  n          integer;
  idem       jsonb;
  idem_item  holdfast.item;
BEGIN
  -- Under a stricter level the snapshot is older than the lock, and the checks would read what was true before the wait.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'holdfast_commit needs READ COMMITTED, not %', current_setting('transaction_isolation') USING ERRCODE = 'invalid_transaction_state';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('holdfast', 0));
  at := holdfast.clock_ms();
  SELECT seq INTO seq_before FROM holdfast.meta;
  SELECT array_agg(CASE WHEN x.seq > 0 THEN seq_before + x.seq ELSE 0 END ORDER BY x.n), seq_before + max(x.seq) INTO seqs, seq_after
    FROM jsonb_to_recordset(batch -> 'commits') AS x (n integer, seq bigint);
  SELECT * INTO bad FROM holdfast.first_refusal(batch, seq_before);

  BEGIN -- a subtransaction: a refusal takes back what the commits before it wrote
    FOR c IN SELECT jsonb_array_elements(batch -> 'walked') LOOP
      n := (c ->> 'n')::integer;
      refused_at := n;
      EXIT WHEN bad.n < n OR (bad.n = n AND bad.step = 1);

      idem := c -> 'idempotency';
      IF idem IS NOT NULL THEN
        idem_item := holdfast.live_item('$idem', holdfast.resolve((idem ->> 'eid')::bigint, refs), idem ->> 'key', at);
        IF idem_item.rev IS NOT NULL THEN
          -- Whether it is the same input, the driver says: it can read the body.
          refusal := jsonb_build_object('kind', 'used', 'item', idem_item.body);
          RAISE SQLSTATE 'HF001';
        END IF;
      END IF;
      EXIT WHEN bad.n = n AND bad.step = 2;
      IF jsonb_array_length(c -> 'creates') > 0 THEN
        SELECT * INTO refs, refusal FROM holdfast.create_entities(c -> 'creates', at, refs);
        IF refusal IS NOT NULL THEN RAISE SQLSTATE 'HF001'; END IF;
      END IF;
      IF jsonb_array_length(c -> 'requires') > 0 THEN
        refusal := holdfast.check_requires(c -> 'requires', refs, at);
        IF refusal IS NOT NULL THEN RAISE SQLSTATE 'HF001'; END IF;
      END IF;
      EXIT WHEN bad.n = n;

      IF idem IS NOT NULL THEN
        PERFORM holdfast.put_item('$idem', holdfast.resolve((idem ->> 'eid')::bigint, refs), idem ->> 'key', seqs[n + 1],
          idem ->> 'item', at + (idem ->> 'ttlMs')::bigint);
      END IF;
      drops := drops || jsonb_build_object(n::text, holdfast.write_beside_states(c, refs, at, seqs[n + 1]));
    END LOOP;
    IF bad.n IS NOT NULL THEN
      refused_at := bad.n;
      refusal := bad.refusal;
      RAISE SQLSTATE 'HF001';
    END IF;

    INSERT INTO holdfast.commit (seq, commit_id, at, meta, drops)
    SELECT seqs[x.n + 1], x."commitId", at, x.meta, nullif(drops -> x.n::text, 'null')
      FROM jsonb_to_recordset(batch -> 'commits') AS x (n integer, "commitId" text, meta text) WHERE seqs[x.n + 1] > 0;
    WITH given AS MATERIALIZED (
      SELECT x.n, holdfast.resolve(x.eid, refs) AS eid, x.state, x.version, x."defVersion", x.kind, x.body
        FROM jsonb_to_recordset(batch -> 'changes') AS x (n integer, eid bigint, state text, version bigint, "defVersion" integer, kind text, body text)
       WHERE drops = '{}' OR (SELECT e.eid FROM holdfast.entity e WHERE e.eid = holdfast.resolve(x.eid, refs)) IS NOT NULL
    ), moved AS (
      INSERT INTO holdfast.head AS h (eid, state, version)
      SELECT g.eid, g.state, max(g.version) FROM given g GROUP BY g.eid, g.state
      ON CONFLICT (eid, state) DO UPDATE SET version = excluded.version
    )
    INSERT INTO holdfast.change (eid, state, version, seq, def_version, kind, body, sum)
    SELECT g.eid, g.state, g.version, seqs[g.n + 1], g."defVersion", g.kind, g.body,
           holdfast.change_sum(g.eid, g.state, g.version, g."defVersion", g.kind, g.body) FROM given g;
  EXCEPTION WHEN SQLSTATE 'HF001' THEN
    RETURN jsonb_build_object('ok', false, 'now', at, 'index', refused_at, 'refusal', refusal);
  END;

  IF seq_after > seq_before THEN
    UPDATE holdfast.meta SET seq = seq_after;
    PERFORM pg_notify('holdfast', seq_after::text);
  END IF;
  -- As durable as the strictest commit asks; only until the end of this transaction, so that a pooler's session stays as it was.
  IF NOT (batch -> 'synced')::boolean THEN
    PERFORM set_config('synchronous_commit', 'off', true);
  END IF;
  RETURN jsonb_build_object('ok', true, 'now', at, 'seqs', to_jsonb(seqs),
    'created', (SELECT coalesce(jsonb_agg(jsonb_build_object('ref', key::bigint, 'eid', value)), '[]') FROM jsonb_each(refs)));
END $$;
