/** Of what is below; kept in the table `meta` beside the id of the store whose files they tell of. */
export const FILE_FORMAT = 1;

/**
 * What the files hold: `version` and `hash` are known to be there, `next_version` and `next_hash` are about to be. `taken` is the recorded value of an edit that
 * was committed and not rendered over yet. `revision` counts the changes of a row.
 */
export const FILE_SCHEMA = `CREATE TABLE IF NOT EXISTS rendered (
  eid INTEGER NOT NULL, state TEXT NOT NULL, path TEXT NOT NULL UNIQUE COLLATE NOCASE, version INTEGER NOT NULL, hash TEXT NOT NULL,
  next_version INTEGER NOT NULL, next_hash TEXT NOT NULL, taken TEXT, revision INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (eid, state)
) STRICT, WITHOUT ROWID;
`;
