/** By index, so that it costs what the entity has. */
const SEQS_OF_ENTITY = `
    (SELECT DISTINCT c.seq FROM holdfast.change c WHERE c.eid = of_eid AND c.seq > since AND (of_state IS NULL OR c.state = of_state) ORDER BY c.seq LIMIT max_rows)
    UNION ALL (SELECT d.seq FROM holdfast.dropped d WHERE d.eid = of_eid AND d.seq > since)`;

/**
 * The rows of a page whose commits \`page\` selects. One statement, so that a page never shows a commit without its changes; plain rows, since building JSON in
 * the database costs more than the commits.
 */
const rowsOfPage = (page: string): string => `
  RETURN QUERY WITH page AS MATERIALIZED (${page})
  SELECT 1, 'commit', p.seq, 0, p.commit_id::text, p.at, p.meta, p.sum, NULL::bigint, NULL, NULL, NULL, NULL::bigint, NULL::bigint, NULL, NULL, NULL::boolean, NULL::boolean FROM page p
  UNION ALL
  SELECT 2, 'change', v.seq, v.n, NULL, NULL, NULL, v.sum, v.eid, e.scope, e.id, v.state, v.version, v.def_version, v.kind, v.body,
         e.sum = holdfast.entity_sum(e.eid, e.scope, e.id, e.parent, e.subject, e.origin, e.ttl_ms, e.expires_at),
         v.version > 1 AND NOT EXISTS (SELECT FROM holdfast.change b WHERE b.eid = v.eid AND b.state = v.state AND b.version = v.version - 1)
    FROM page p JOIN holdfast.change v ON v.seq = p.seq JOIN holdfast.entity e ON e.eid = v.eid
   WHERE (of_scope IS NULL OR e.scope = of_scope) AND (of_eid IS NULL OR v.eid = of_eid) AND (of_state IS NULL OR v.state = of_state)
  UNION ALL
  SELECT 3, 'drop', d.seq, d.n, NULL, NULL, NULL, d.sum, d.eid, d.scope, d.id, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM page p JOIN holdfast.dropped d ON d.seq = p.seq WHERE (of_scope IS NULL OR d.scope = of_scope) AND (of_eid IS NULL OR d.eid = of_eid)
  UNION ALL
  SELECT 4, 'end', holdfast.last_seq(), 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL;`;

/** A page of the port's \`log\`: null for what is not filtered by. */
export const LOG_FUNCTION: string = `
CREATE FUNCTION holdfast.log_page(since bigint, max_rows integer, of_scope text, of_eid bigint, of_state text)
RETURNS TABLE (step integer, what text, seq bigint, n integer, commit_id text, at bigint, meta text, sum bigint, eid bigint, scope text, id text, state text,
               version bigint, def_version bigint, kind text, body text, is_entity_sound boolean, is_oldest boolean) LANGUAGE plpgsql STABLE
-- To plan the statement anew takes several times as long as to run it; and a plan that is kept must stay one by index, however large the tables become.
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
#variable_conflict use_column
BEGIN
  IF of_eid IS NULL THEN${rowsOfPage('SELECT l.* FROM holdfast.commit_log l WHERE l.seq > since ORDER BY l.seq LIMIT max_rows')}
  ELSE${rowsOfPage(`SELECT l.* FROM holdfast.commit_log l WHERE l.seq IN (${SEQS_OF_ENTITY}\n  ) ORDER BY l.seq LIMIT max_rows`)}
  END IF;
END $$;
`;
