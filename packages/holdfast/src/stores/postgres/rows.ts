import {
  checksum,
  damaged,
  decodeSnapshot,
  encodeSnapshot,
  type Change,
  type Codec,
  type CommitMeta,
  type Drop,
  type EntityRecord,
  type Head,
  type ItemRecord,
  type Snapshot,
} from '../../store/index.ts';

/** A bigint column as the client parses it: a text by default, another type when its user has set a parser. */
export type Int8 = string | number | bigint;

/** Rows as the tables hold them: only what passed its check is used. */
export interface EntityRow {
  readonly eid: Int8;
  readonly scope: string;
  readonly id: string;
  readonly parent: Int8 | null;
  readonly subject: string | null;
  readonly origin: string | null;
  readonly ttl_ms: Int8 | null;
  readonly expires_at: Int8 | null;
  readonly sum: Int8;
}

export interface HeadRow {
  readonly eid: Int8;
  readonly state: string;
  readonly version: Int8;
  /** The first version whose change is kept. */
  readonly oldest: Int8;
  readonly sum: Int8;
}

export interface ChangeRow {
  readonly eid: Int8;
  readonly state: string;
  readonly version: Int8;
  readonly seq: Int8;
  /** The place in its commit. */
  readonly n: number;
  readonly def_version: Int8;
  readonly kind: Change['kind'];
  readonly body: string;
  readonly sum: Int8;
}

export interface SnapshotRow {
  readonly eid: Int8;
  readonly state: string;
  readonly version: Int8;
  readonly def_version: Int8;
  readonly codec: Codec;
  readonly body: Uint8Array;
  readonly sum: Int8;
}

export interface ItemRow {
  readonly eid: Int8;
  readonly collection: string;
  readonly key: string;
  readonly rev: Int8;
  readonly expires_at: Int8 | null;
  readonly body: string;
  readonly sum: Int8;
}

export interface CommitRow {
  readonly seq: Int8;
  readonly commit_id: string;
  readonly at: Int8;
  readonly meta: string;
  readonly sum: Int8;
}

export interface DropRow {
  readonly eid: Int8;
  readonly seq: Int8;
  readonly n: number;
  readonly scope: string;
  readonly id: string;
  readonly sum: Int8;
}

type Unsummed<Row> = Omit<Row, 'sum'>;

/** The sums of the other tables are made by the database, which knows their eids, seqs and expiries first. */
const snapshotSum = (row: Unsummed<SnapshotRow>): number => sumOf([row.eid, row.state, row.version, row.def_version, row.codec], row.body);

/** A snapshot as the functions of the schema take it. */
export function encodeSnapshotRow({ eid, state, version, defVersion, body: json }: Snapshot): object {
  const { codec, body } = encodeSnapshot(json);
  const sum = snapshotSum({ eid, state, version, def_version: defVersion, codec, body });
  return { eid, state, version, defVersion, codec, body: Buffer.from(body).toString('base64'), sum };
}

export const isHeadSound = (row: HeadRow): boolean => isSum(row.sum, [row.eid, row.state, row.version], String(row.oldest));
export const isChangeSound = (row: ChangeRow): boolean =>
  isSum(row.sum, [row.eid, row.state, row.version, row.seq, row.n, row.def_version, row.kind], row.body);
export const isSnapshotSound = (row: SnapshotRow): boolean => snapshotSum(row) === Number(row.sum);

export function toEntity(row: EntityRow): EntityRecord {
  const { eid, scope, id, parent, subject, origin, ttl_ms: ttlMs, expires_at: expiresAt } = row;
  if (!isSum(row.sum, [eid, scope, id, parent, subject, ttlMs, expiresAt], origin ?? ''))
    throw damaged(`the entity ${scope}:${id} (eid ${eid})`);
  return {
    eid: Number(eid),
    scope,
    id,
    ...(parent !== null && { parent: Number(parent) }),
    ...(subject !== null && { subject }),
    ...(origin !== null && { origin: JSON.parse(origin) as NonNullable<EntityRecord['origin']> }),
    ...(ttlMs !== null && { ttlMs: Number(ttlMs) }),
    ...(expiresAt !== null && { expiresAt: Number(expiresAt) }),
  };
}

export function toHead(row: HeadRow): Head {
  if (!isHeadSound(row)) throw damaged(`the head of the state ${row.state} of the entity with eid ${row.eid}`);
  return { state: row.state, version: Number(row.version) };
}

export function toItem({ eid, collection, key, rev, expires_at: expiresAt, body, sum }: ItemRow): ItemRecord {
  if (!isSum(sum, [eid, collection, key, rev, expiresAt], body))
    throw damaged(`the item ${key} of the collection ${collection} of the entity with eid ${eid}`);
  return { eid: Number(eid), collection, key, rev: Number(rev), body, ...(expiresAt !== null && { expiresAt: Number(expiresAt) }) };
}

export function toChange({ eid, state, version, def_version: defVersion, kind, body }: ChangeRow): Change {
  return { eid: Number(eid), state, version: Number(version), defVersion: Number(defVersion), kind, body };
}

export function snapshotBody({ codec, body }: SnapshotRow): string {
  return decodeSnapshot(codec, body);
}

export function toMeta({ seq, commit_id: commitId, at, meta, sum }: CommitRow): CommitMeta {
  if (!isSum(sum, [seq, commitId, at], meta)) throw damaged(`the commit ${seq}`);
  return JSON.parse(meta) as CommitMeta;
}

export function toDrop({ eid, seq, n, scope, id, sum }: DropRow): Drop {
  if (!isSum(sum, [eid, seq, n, scope], id)) throw damaged(`the deletion of ${scope}:${id} (eid ${eid})`);
  return { eid: Number(eid), scope, id };
}

function isSum(sum: Int8, fields: readonly (Int8 | null)[], body: string): boolean {
  return sumOf(fields, body) === Number(sum);
}

function sumOf(fields: readonly (Int8 | null)[], body: string | Uint8Array): number {
  return checksum(
    fields.map((field) => (field === null ? '' : String(field))),
    body,
  );
}
