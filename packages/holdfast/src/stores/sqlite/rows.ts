import {
  checksum,
  damaged,
  decodeSnapshot,
  type Change,
  type Codec,
  type CommitMeta,
  type Drop,
  type EntityRecord,
  type ItemRecord,
} from '../../store/index.ts';

/** Rows as the tables hold them. A damaged file may hold other types than these: only what passed its check is used. */
export interface EntityRow {
  readonly eid: number;
  readonly scope: string;
  readonly id: string;
  readonly parent: number | null;
  readonly subject: string | null;
  readonly origin: string | null;
  readonly ttl_ms: number | null;
  readonly expires_at: number | null;
  readonly sum: number;
}

export interface HeadRow {
  readonly eid: number;
  readonly state: string;
  readonly version: number;
  /** The first version whose change is kept. */
  readonly oldest: number;
  readonly sum: number;
}

export interface ChangeRow {
  readonly eid: number;
  readonly state: string;
  readonly version: number;
  readonly seq: number;
  readonly def_version: number;
  readonly kind: Change['kind'];
  readonly body: string;
  readonly sum: number;
}

export interface SnapshotRow {
  readonly eid: number;
  readonly state: string;
  readonly version: number;
  readonly def_version: number;
  readonly codec: Codec;
  readonly body: Uint8Array;
  readonly sum: number;
}

export interface ItemRow {
  readonly eid: number;
  readonly collection: string;
  readonly key: string;
  readonly rev: number;
  readonly expires_at: number | null;
  readonly body: string;
  readonly sum: number;
}

export interface CommitRow {
  readonly seq: number;
  readonly commit_id: string;
  readonly at: number;
  readonly meta: string;
  readonly sum: number;
}

/** A commit's `meta` column: what its maker said about it, the names of its changes, and the entities that it deleted. */
export type CommitDetails = CommitMeta & {
  readonly changes?: readonly (readonly [eid: number, state: string, version: number])[];
  readonly drops?: readonly Drop[];
};

type Unsummed<Row> = Omit<Row, 'sum'>;

/** What the checksum of a change covers before its body, around its version and its seq: for whoever checks many changes of one state. */
export const changeKey = {
  ofState: (eid: number, state: string): string => `${eid}\u001F${state}\u001F`,
  /** Between the version and the seq. */
  between: '\u001F',
  ofKind: (defVersion: number, kind: Change['kind']): string => `\u001F${defVersion}\u001F${kind}`,
};

// Joined by hand where every commit or the opening of a long log has to.
export const entitySum = (row: Unsummed<EntityRow>): number =>
  checksum([row.eid, row.scope, row.id, row.parent, row.subject, row.ttl_ms, row.expires_at], row.origin ?? '');
export const headSum = (row: Unsummed<HeadRow>): number => checksum(`${row.eid}\u001F${row.state}\u001F${row.version}`, String(row.oldest));
export const changeSum = (row: Unsummed<ChangeRow>): number =>
  checksum(
    `${changeKey.ofState(row.eid, row.state)}${row.version}${changeKey.between}${row.seq}${changeKey.ofKind(row.def_version, row.kind)}`,
    row.body,
  );
export const snapshotSum = (row: Unsummed<SnapshotRow>): number =>
  checksum([row.eid, row.state, row.version, row.def_version, row.codec], row.body);
export const itemSum = (row: Unsummed<ItemRow>): number => checksum([row.eid, row.collection, row.key, row.rev, row.expires_at], row.body);
export const commitSum = (row: Unsummed<CommitRow>): number => checksum(`${row.seq}\u001F${row.commit_id}\u001F${row.at}`, row.meta);

export const isHeadSound = (row: HeadRow): boolean => headSum(row) === row.sum;
/** The type is looked at as well: one flipped bit makes a blob of the same bytes out of a text. */
export const isChangeSound = (row: ChangeRow): boolean => typeof row.body === 'string' && changeSum(row) === row.sum;
export const isSnapshotSound = (row: SnapshotRow): boolean => row.body instanceof Uint8Array && snapshotSum(row) === row.sum;

export function toEntity(row: EntityRow): EntityRecord {
  const isTyped = typeof row.scope === 'string' && typeof row.id === 'string' && isTextOrNull(row.subject) && isTextOrNull(row.origin);
  if (!isTyped || entitySum(row) !== row.sum) throw damaged(`the entity ${row.scope}:${row.id} (eid ${row.eid})`);
  return {
    eid: row.eid,
    scope: row.scope,
    id: row.id,
    ...(row.parent !== null && { parent: row.parent }),
    ...(row.subject !== null && { subject: row.subject }),
    ...(row.origin !== null && { origin: JSON.parse(row.origin) as NonNullable<EntityRecord['origin']> }),
    ...(row.ttl_ms !== null && { ttlMs: row.ttl_ms }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
  };
}

export function toItem(row: ItemRow): ItemRecord {
  const isTyped = typeof row.collection === 'string' && typeof row.key === 'string' && typeof row.body === 'string';
  if (!isTyped || itemSum(row) !== row.sum)
    throw damaged(`the item ${row.key} of the collection ${row.collection} of the entity with eid ${row.eid}`);
  const { eid, collection, key, rev, body } = row;
  return { eid, collection, key, rev, body, ...(row.expires_at !== null && { expiresAt: row.expires_at }) };
}

export function toChange({ eid, state, version, def_version: defVersion, kind, body }: ChangeRow): Change {
  return { eid, state, version, defVersion, kind, body };
}

export function snapshotBody({ codec, body }: SnapshotRow): string {
  return decodeSnapshot(codec, body);
}

export function toDetails(row: CommitRow): CommitDetails {
  if (typeof row.meta !== 'string' || typeof row.commit_id !== 'string' || commitSum(row) !== row.sum)
    throw damaged(`the commit ${row.seq}`);
  return JSON.parse(row.meta) as CommitDetails;
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}
