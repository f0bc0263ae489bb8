import { COMMIT_FUNCTIONS, WRITE_COMMIT } from './schema-commit.ts';
import { LOG_FUNCTION } from './schema-log.ts';
import { SWEEP_AND_COMPACT } from './schema-upkeep.ts';

/** Of the tables and functions of {@link SCHEMA}; kept in `meta`. */
export const FORMAT = 3;

/**
 * The SQL that brings a store to the next format: the first one brings 1 to 2. Each runs in a transaction of its own under the
 * writer's lock, and writes the new format itself.
 */
export const UPGRADES: readonly string[] = [
  `${LOG_FUNCTION}${setFormat(2)}`,
  `DROP FUNCTION IF EXISTS holdfast.write_commit;\n${WRITE_COMMIT}\n${setFormat(3)}`,
];

function setFormat(format: number): string {
  return `UPDATE holdfast.meta SET format = ${format}, sum = holdfast.sum_of('storeId' || chr(31) || '${format}', store_id);`;
}

/** What stands for the store's schema in every SQL text; `{channel}` stands for its lock and its channel. */
export function inSchema(sql: string, schema: string): string {
  return sql.replaceAll('holdfast.', `"${schema}".`).replaceAll('{channel}', channelOf(schema));
}

/** Where a store tells of its commits. */
export function channelOf(schema: string): string {
  return `holdfast:${schema}`;
}

/**
 * Every name is qualified, so that no session needs a search_path. Text sorts by bytes, whatever the database's own locale is. Bodies and
 * meta are JSON in text, which only their reader parses: jsonb would refuse the \u0000 that JSON may hold. `sum` covers the other columns
 * of its row, and is verified at each read.
 */
const TABLES = `
CREATE TABLE holdfast.meta (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  store_id text NOT NULL,
  format   integer NOT NULL,
  sum      bigint NOT NULL
);

-- Not an identity column: the eid is needed for the sum of the row that it is part of. An eid of a transaction that was taken back is not used again.
CREATE SEQUENCE holdfast.entity_eid;

CREATE TABLE holdfast.entity (
  eid        bigint PRIMARY KEY,
  scope      text COLLATE "C" NOT NULL,
  id         text COLLATE "C" NOT NULL,
  parent     bigint,
  subject    text COLLATE "C",
  origin     text,
  ttl_ms     bigint,
  expires_at bigint,
  sum        bigint NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX entity_by_name ON holdfast.entity (scope, id);
CREATE INDEX entity_by_parent ON holdfast.entity (parent, scope, id) WHERE parent IS NOT NULL;
CREATE INDEX entity_by_subject ON holdfast.entity (subject, scope, id) WHERE subject IS NOT NULL;
CREATE INDEX entity_by_expiry ON holdfast.entity (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE holdfast.commit_log (
  seq       bigint PRIMARY KEY,
  commit_id text COLLATE "C" NOT NULL UNIQUE,
  at        bigint NOT NULL,
  meta      text NOT NULL,
  sum       bigint NOT NULL
);

-- Entities that are no more; n is the place among those of the same commit.
CREATE TABLE holdfast.dropped (
  eid   bigint PRIMARY KEY,
  seq   bigint NOT NULL,
  n     integer NOT NULL,
  scope text COLLATE "C" NOT NULL,
  id    text COLLATE "C" NOT NULL,
  sum   bigint NOT NULL
);
CREATE INDEX dropped_by_seq ON holdfast.dropped (seq);

-- oldest is the first version whose change is kept.
CREATE TABLE holdfast.head (
  eid     bigint NOT NULL,
  state   text COLLATE "C" NOT NULL,
  version bigint NOT NULL,
  oldest  bigint NOT NULL,
  sum     bigint NOT NULL,
  PRIMARY KEY (eid, state)
) WITH (fillfactor = 50);

CREATE TABLE holdfast.change (
  eid         bigint NOT NULL,
  state       text COLLATE "C" NOT NULL,
  version     bigint NOT NULL,
  seq         bigint NOT NULL,
  n           integer NOT NULL,
  def_version bigint NOT NULL,
  kind        text NOT NULL,
  body        text NOT NULL,
  sum         bigint NOT NULL,
  PRIMARY KEY (eid, state, version)
);
CREATE INDEX change_by_seq ON holdfast.change (seq);
CREATE INDEX change_by_entity ON holdfast.change (eid, seq);
CREATE INDEX change_full ON holdfast.change (eid, state, version) WHERE kind = 'full';

CREATE TABLE holdfast.snapshot (
  eid         bigint NOT NULL,
  state       text COLLATE "C" NOT NULL,
  version     bigint NOT NULL,
  def_version bigint NOT NULL,
  codec       text NOT NULL,
  body        bytea NOT NULL,
  sum         bigint NOT NULL,
  PRIMARY KEY (eid, state, version)
);

CREATE TABLE holdfast.item (
  collection text COLLATE "C" NOT NULL,
  eid        bigint NOT NULL,
  key        text COLLATE "C" NOT NULL,
  rev        bigint NOT NULL,
  body       text NOT NULL,
  expires_at bigint,
  sum        bigint NOT NULL,
  PRIMARY KEY (collection, eid, key)
) WITH (fillfactor = 80);
CREATE INDEX item_by_entity ON holdfast.item (eid);
CREATE INDEX item_by_expiry ON holdfast.item (expires_at) WHERE expires_at IS NOT NULL;
`;

/** Checksums as \`checksum\` of the port makes them: CRC-32 of the key fields with U+001F between them, and the body. */
const SUMS = `
CREATE FUNCTION holdfast.sum_of(fields text, body text) RETURNS bigint LANGUAGE sql STABLE
RETURN crc32(convert_to(fields || body, 'UTF8'));

CREATE FUNCTION holdfast.entity_sum(eid bigint, scope text, id text, parent bigint, subject text, origin text, ttl_ms bigint, expires_at bigint)
RETURNS bigint LANGUAGE sql STABLE
RETURN holdfast.sum_of(eid::text || chr(31) || scope || chr(31) || id || chr(31) || coalesce(parent::text, '') || chr(31) || coalesce(subject, '') || chr(31)
                       || coalesce(ttl_ms::text, '') || chr(31) || coalesce(expires_at::text, ''), coalesce(origin, ''));

CREATE FUNCTION holdfast.head_sum(eid bigint, state text, version bigint, oldest bigint) RETURNS bigint LANGUAGE sql STABLE
RETURN holdfast.sum_of(eid::text || chr(31) || state || chr(31) || version::text, oldest::text);

CREATE FUNCTION holdfast.change_sum(eid bigint, state text, version bigint, seq bigint, n integer, def_version bigint, kind text, body text)
RETURNS bigint LANGUAGE sql STABLE
RETURN holdfast.sum_of(eid::text || chr(31) || state || chr(31) || version::text || chr(31) || seq::text || chr(31) || n::text || chr(31)
                       || def_version::text || chr(31) || kind, body);

CREATE FUNCTION holdfast.item_sum(eid bigint, collection text, key text, rev bigint, expires_at bigint, body text) RETURNS bigint LANGUAGE sql STABLE
RETURN holdfast.sum_of(eid::text || chr(31) || collection || chr(31) || key || chr(31) || rev::text || chr(31) || coalesce(expires_at::text, ''), body);

CREATE FUNCTION holdfast.commit_sum(seq bigint, commit_id text, at bigint, meta text) RETURNS bigint LANGUAGE sql STABLE
RETURN holdfast.sum_of(seq::text || chr(31) || commit_id || chr(31) || at::text, meta);

CREATE FUNCTION holdfast.dropped_sum(eid bigint, seq bigint, n integer, scope text, id text) RETURNS bigint LANGUAGE sql STABLE
RETURN holdfast.sum_of(eid::text || chr(31) || seq::text || chr(31) || n::text || chr(31) || scope, id);
`;

/** Everything that a store is; run once, in an empty schema. */
export const SCHEMA: string = TABLES + SUMS + COMMIT_FUNCTIONS + LOG_FUNCTION + SWEEP_AND_COMPACT;
