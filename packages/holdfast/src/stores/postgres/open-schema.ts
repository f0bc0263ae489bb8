import { randomUUID } from 'node:crypto';
import { HoldfastError } from '../../errors/index.ts';
import { checksum, damaged } from '../../store/index.ts';
import type { Connection } from './connection.ts';
import { type Int8 } from './rows.ts';
import { FORMAT, SCHEMA, UPGRADES } from './schema.ts';

/** `crc32` is there since this one. */
const OLDEST_SERVER = 18;

const LOOK = `
SELECT current_setting('server_version_num')::integer / 10000 AS server, current_setting('server_encoding') AS encoding,
       current_setting('default_transaction_isolation') AS isolation, to_regclass('holdfast.meta') IS NOT NULL AS has_meta,
       (SELECT count(*)::integer FROM pg_class WHERE relnamespace = n.oid) + (SELECT count(*)::integer FROM pg_proc WHERE pronamespace = n.oid) AS things
  FROM (VALUES ($1::text)) AS wanted (name) LEFT JOIN pg_namespace n ON n.nspname = wanted.name`;

interface Look {
  readonly server: number;
  readonly encoding: string;
  readonly isolation: string;
  readonly has_meta: boolean;
  /** Tables, indexes, sequences and functions in the schema. */
  readonly things: number;
}

/**
 * Makes the store's schema where there is none, brings an older one to this program's format, and answers the store's id. Of several processes at
 * once one does the work.
 * @throws {HoldfastError} INVALID_ARGUMENT when the server cannot hold a store; CORRUPT_STATE when the schema holds something else; NEWER_VERSION;
 * NOT_FOUND when it is to be read only and is not there.
 */
export async function openSchema(db: Connection): Promise<string> {
  if (!(await hasStore(db))) {
    if (db.isReadOnly) throw notFound(db);
    await db.write(underLock(db, create(db)));
    if (!(await hasStore(db))) throw notAStore(db, 'it was deleted while it was made');
  }
  let meta = await readMeta(db);
  for (; meta.format < FORMAT; meta = await readMeta(db)) await db.write(underLock(db, upgrade(meta.format)));
  return meta.storeId;
}

async function hasStore(db: Connection): Promise<boolean> {
  const [look] = await db.read<Look>(LOOK, [db.schema]);
  const { server, encoding, isolation, has_meta: hasMeta, things } = look as Look;
  const unfit =
    (server < OLDEST_SERVER && `it is version ${server} of Postgres, ${OLDEST_SERVER} or newer is needed`) ||
    (encoding !== 'UTF8' && `the database is encoded in ${encoding}, UTF8 is needed`) ||
    (isolation !== 'read committed' && `its default_transaction_isolation is ${isolation}, read committed is needed`);
  if (unfit) throw new HoldfastError('INVALID_ARGUMENT', `${db.name} cannot be kept by this server: ${unfit}.`, { argument: 'client' });
  if (!hasMeta && things > 0) throw notAStore(db, 'it holds tables or functions of something else');
  return hasMeta;
}

async function readMeta(db: Connection): Promise<{ readonly storeId: string; readonly format: number }> {
  // A table of that name, but of something else, has other columns: the failure says CORRUPT_STATE.
  const [row] = await db.read<{ store_id: string; format: number; sum: Int8 }>('SELECT store_id, format, sum FROM holdfast.meta');
  if (!row) throw notAStore(db, 'its meta table is empty');
  const { store_id: storeId, format, sum } = row;
  if (format > FORMAT) {
    const message = `${db.name} has format ${format}, this program knows ${FORMAT}; use a newer version of Holdfast.`;
    throw new HoldfastError('NEWER_VERSION', message, { what: db.name, found: format, known: FORMAT });
  }
  if (checksum(['storeId', format], storeId) !== Number(sum)) throw damaged('the store’s own id');
  return { storeId, format };
}

function create(db: Connection): string {
  const storeId = randomUUID();
  // The catalogs themselves are read: to_regclass may remember, from before the wait, that nothing was there.
  return `
  IF NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '${db.schema}' AND c.relname = 'meta') THEN
    IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = '${db.schema}') THEN
      CREATE SCHEMA "${db.schema}";
    END IF;
    EXECUTE $holdfast_schema$${SCHEMA}$holdfast_schema$;
    INSERT INTO holdfast.meta (store_id, format, sum) VALUES ('${storeId}', ${FORMAT}, ${checksum(['storeId', FORMAT], storeId)});
  END IF;`;
}

function upgrade(format: number): string {
  return `
  IF (SELECT format FROM holdfast.meta) = ${format} THEN
    EXECUTE $holdfast_schema$${UPGRADES[format - 1]}$holdfast_schema$;
  END IF;`;
}

/** A statement around the work. One statement and so one transaction, also behind a pooler; whoever came first has done the work for those who waited. */
export function underLock(db: Connection, work: string): string {
  return `DO $holdfast_open$ BEGIN
  PERFORM set_config('lock_timeout', '${db.lockTimeoutMs}', true), pg_advisory_xact_lock(hashtextextended('{channel}', 0));
  ${work}
END $holdfast_open$`;
}

function notFound(db: Connection): HoldfastError {
  const message = `There is no store in the schema ${db.schema} to read; open it for writing once to make it.`;
  return new HoldfastError('NOT_FOUND', message, { what: db.name });
}

function notAStore(db: Connection, reason: string): HoldfastError {
  return new HoldfastError('CORRUPT_STATE', `The schema ${db.schema} cannot be used as a store: ${reason}. Nothing was changed.`, {
    what: db.name,
  });
}
