import { createHash, type Hash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { HoldfastError } from '../errors/index.ts';
import { COLLECTION, type Store, type StoreInfo } from '../store/index.ts';
import { recordsOf, type RecordsPart, type RecordsPlace } from './store-records.ts';

export interface CopyOptions {
  /** Told after every part. It must not throw. */
  readonly onProgress?: (progress: CopyProgress) => void;
  /** Ends the copy between two parts; called again, it goes on from there. */
  readonly signal?: AbortSignal;
}

export interface CopyProgress {
  /** First everything is copied, then both stores are read from beginning to end and compared. */
  readonly step: 'copy' | 'verify';
  /** Entities, commits and items handled so far in this step, of so many. */
  readonly records: number;
  readonly total: number;
}

/** What is in the copy. */
export interface CopyReport {
  readonly entities: number;
  readonly commits: number;
  /** Versions that the log keeps. */
  readonly changes: number;
  readonly items: number;
  /** SHA-256 over all records, the same of both stores. */
  readonly checksum: string;
  /** Whether an earlier call had begun the copy. */
  readonly resumed: boolean;
}

/** The importer's own note in the target. */
interface Standing {
  readonly source: string;
  /** Of the source's newest commit. */
  readonly seq: number;
  readonly place: RecordsPlace;
  readonly records: number;
}

type Counts = Omit<CopyReport, 'resumed'>;

/**
 * Copies everything but leases from one store into another, empty one, of whatever kinds: entities, history with its seqs and times, checkpoints, the ledger,
 * idempotency keys, data keys and secrets as they are. What was promised on the source holds on the copy. Opens and closes both stores: neither may be in use,
 * and nobody may go on with the source afterwards, or effects run twice. When it did not come to its end, the target opens for nothing but another
 * call with the same source, which goes on where it was left, or begins anew when the source was written meanwhile. In the end both are read and compared. Costs
 * two reads of every record and a write; holds about a megabyte in memory, more where values are large.
 * @throws {HoldfastError} INVALID_ARGUMENT when the target is not empty, holds half a copy of another store or cannot become a copy, or when the source
 * was written meanwhile; CORRUPT_STATE when a record is damaged, or the stores differ in the end; NOT_FOUND when there is no source; STORE_UNAVAILABLE,
 * STORE_FULL.
 */
export async function copyStore(from: Store, to: Store, options: CopyOptions = {}): Promise<CopyReport> {
  if (!to.import || from === to) {
    const why = from === to ? 'is the source itself' : 'cannot become a copy of another store';
    throw new HoldfastError('INVALID_ARGUMENT', `${to.name} ${why}; copy into another one.`, { argument: 'to' });
  }
  const source = await from.open({ readOnly: true });
  let report: CopyReport;
  try {
    const { standing = '' } = await to.open({ importing: true });
    report = await fill(from, source, to, standing, options);
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
  if (to.flush) await show(to);
  return report;
}

/** Has a store that shows its states to somebody do so for the first time. */
async function show(store: Store): Promise<void> {
  await store.open();
  try {
    await store.flush?.();
  } finally {
    await store.close();
  }
}

async function fill(from: Store, source: StoreInfo, to: Store, note: string, options: CopyOptions): Promise<CopyReport> {
  const { storeId, seq } = source;
  const left = note === '' ? undefined : (JSON.parse(note) as Standing);
  if (left && left.source !== storeId) {
    const message = `${to.name} holds half a copy of another store than ${from.name}; go on with that one, or copy into an empty store.`;
    throw new HoldfastError('INVALID_ARGUMENT', message, { argument: 'to' });
  }
  const resumed = left?.seq === seq ? left : undefined;
  const total = await countRecords(from);
  let { place, records }: Pick<Standing, 'place' | 'records'> = resumed ?? { place: { kind: 'entities' }, records: 0 };
  const standing = (): string => JSON.stringify({ source: storeId, seq, place, records } satisfies Standing);
  if (!resumed) await to.import?.({ clear: true, standing: standing() });
  for await (const part of recordsOf(from, place)) {
    await nextTurn(options.signal);
    if (part.place.kind === 'log' && part.place.since > seq) throw writtenMeanwhile(from);
    place = part.place;
    records += countOf(part);
    await to.import?.({ ...part.records, standing: standing() });
    options.onProgress?.({ step: 'copy', records, total });
  }
  place = { kind: 'end' };
  await to.import?.({ standing: standing() });
  const counts = await verified(from, source, to, total, options);
  await to.import?.('end');
  return { ...counts, resumed: resumed !== undefined };
}

/** Reads both stores. Where they differ the copy is not to be gone on with. */
async function verified(from: Store, { seq }: StoreInfo, to: Store, total: number, options: CopyOptions): Promise<Counts> {
  let records = 0;
  const count = async (part: RecordsPart): Promise<void> => {
    await nextTurn(options.signal);
    records += countOf(part);
    options.onProgress?.({ step: 'verify', records, total: total * 2 });
  };
  const [wanted, found] = [await contentOf(from, count), await contentOf(to, count)];
  if (wanted.checksum === found.checksum && (await from.open()).seq === seq) return found;
  await to.import?.({ clear: true, standing: '' });
  if ((await from.open()).seq !== seq) throw writtenMeanwhile(from);
  const message = `The copy in ${to.name} differs from ${from.name}, as when entities expire or are used meanwhile; let nobody use it, and copy it again.`;
  throw new HoldfastError('CORRUPT_STATE', message, { what: to.name });
}

function writtenMeanwhile({ name }: Store): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', `${name} was written while it was copied; let nobody write it, and copy it again.`, {
    argument: 'from',
  });
}

/** Counts all records, and makes one checksum of those of each kind, in their order. */
async function contentOf(store: Store, onPart: (part: RecordsPart) => Promise<void>): Promise<Counts> {
  const hashes = [createHash('sha256'), createHash('sha256'), createHash('sha256'), createHash('sha256')] as const;
  const counts = { entities: 0, commits: 0, changes: 0, items: 0 };
  for await (const part of recordsOf(store, { kind: 'entities' })) {
    const { entities = [], commits = [], snapshots = [], items = [] } = part.records;
    for (const [index, records] of [entities, commits, snapshots, items].entries()) addAll(hashes[index] as Hash, records);
    counts.entities += entities.length;
    counts.commits += commits.length;
    counts.changes += commits.reduce((sum, { changes }) => sum + changes.length, 0);
    counts.items += items.length;
    await onPart(part);
  }
  const checksum = createHash('sha256')
    .update(hashes.map((hash) => hash.digest('hex')).join())
    .digest('hex');
  return { ...counts, checksum };
}

/** Some stores answer at once: whoever wants to abort, or to do something else, has to get a turn. */
async function nextTurn(signal: AbortSignal | undefined): Promise<void> {
  await turn();
  signal?.throwIfAborted();
}

function addAll(hash: Hash, records: readonly object[]): void {
  for (const record of records) hash.update(JSON.stringify(record, inOrder)).update('\n');
}

/** Stores give the fields of a record in no order. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function countOf({ records: { entities = [], commits = [], items = [] } }: RecordsPart): number {
  return entities.length + commits.length + items.length;
}

async function countRecords(store: Store): Promise<number> {
  const { rows } = await store.usage();
  const counted = rows.filter(({ kind, name }) => kind === 'entity' || kind === 'commit' || (kind === 'item' && name !== COLLECTION.lease));
  return counted.reduce((sum, { records }) => sum + records, 0);
}
