/** The bytes `HOLD` in the header of the file: by them a database is known to be ours. */
export const APPLICATION_ID = 0x48_4f_4c_44;
/** Of the tables below; kept in the header as `user_version`. */
export const FORMAT = 1;

/**
 * `sum` covers the other columns of its row and is verified at each read. What a miss would silently turn into a default is found in two
 * B-trees: entities by (scope, id) and (id, scope), items by both orders of their key, heads and changes by one another, and a commit names
 * its changes. A damaged page can hide a record from one of them only.
 */
export const SCHEMA = `CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL, sum INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entity (
  eid INTEGER PRIMARY KEY AUTOINCREMENT, scope TEXT NOT NULL, id TEXT NOT NULL, parent INTEGER, subject TEXT, origin TEXT,
  ttl_ms INTEGER, expires_at INTEGER, sum INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX entity_by_name ON entity (scope, id);
CREATE INDEX entity_by_id ON entity (id, scope);
CREATE INDEX entity_by_parent ON entity (parent, scope, id) WHERE parent IS NOT NULL;
CREATE INDEX entity_by_subject ON entity (subject, scope, id) WHERE subject IS NOT NULL;
CREATE INDEX entity_by_expiry ON entity (expires_at) WHERE expires_at IS NOT NULL;
CREATE TABLE commit_log (seq INTEGER PRIMARY KEY, commit_id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, meta TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE head (
  eid INTEGER NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, oldest INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (eid, state)
) STRICT, WITHOUT ROWID;
CREATE TABLE change (
  id INTEGER PRIMARY KEY, eid INTEGER NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL, seq INTEGER NOT NULL,
  def_version INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX change_by_version ON change (eid, state, version);
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY, eid INTEGER NOT NULL, state TEXT NOT NULL, version INTEGER NOT NULL,
  def_version INTEGER NOT NULL, codec TEXT NOT NULL, body BLOB NOT NULL, sum INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX snapshot_by_version ON snapshot (eid, state, version);
CREATE TABLE item (
  eid INTEGER NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL, rev INTEGER NOT NULL, expires_at INTEGER,
  body TEXT NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (eid, collection, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_by_collection ON item (collection, eid, key);
CREATE INDEX item_by_expiry ON item (expires_at) WHERE expires_at IS NOT NULL;
`;
