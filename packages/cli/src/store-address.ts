import type { Store } from 'holdfast';
import { files, type FileFormat } from 'holdfast/files';
import { postgres } from 'holdfast/postgres';
import { sqlite } from 'holdfast/sqlite';
import pg from 'pg';
import { UsageError } from './usage-error.ts';

/** A store that was named on the command line, not opened yet. */
export interface AddressedStore {
  /** The address without its password: this may be printed. */
  readonly shown: string;
  readonly store: Store;
  /** Releases what the store was reached by; the store itself is closed before. */
  close(): Promise<void>;
}

/** How addresses are written, for the help and for whoever got one wrong. */
export const ADDRESS_FORMS = 'sqlite:<path>, files:<directory> or postgres://<user>@<host>/<database>[?schema=<name>]';

/** @throws {UsageError} when it is no address of a store; the message does not repeat it, since it may hold a password. */
export function storeAt(address: string, format: FileFormat): AddressedStore {
  const [scheme = '', path = ''] = split(address);
  switch (scheme) {
    case 'sqlite':
      return local(address, sqlite(given(path)));
    case 'files':
      return local(address, files(given(path), { format }));
    case 'postgres':
    case 'postgresql':
      return remote(address);
    default:
      throw new UsageError(`A store is written ${ADDRESS_FORMS}.`);
  }
}

function split(address: string): readonly string[] {
  const colon = address.indexOf(':');
  return colon < 0 ? [] : [address.slice(0, colon), address.slice(colon + 1)];
}

function given(path: string): string {
  if (path === '') throw new UsageError(`The address of the store has no path; write ${ADDRESS_FORMS}.`);
  return path;
}

function local(shown: string, store: Store): AddressedStore {
  return { shown, store, close: () => Promise.resolve() };
}

function remote(address: string): AddressedStore {
  if (!URL.canParse(address)) throw new UsageError(`The address of the Postgres store is no URL; write ${ADDRESS_FORMS}.`);
  const url = new URL(address);
  const schema = url.searchParams.get('schema');
  url.searchParams.delete('schema');
  const client = new pg.Pool({ connectionString: url.href, max: 4 });
  // A connection that breaks while it is idle is no news: the next statement gets another one.
  client.on('error', () => undefined);
  const shown = new URL(address);
  shown.password = '';
  shown.searchParams.delete('password');
  return {
    shown: shown.href,
    store: postgres({ client, ...(schema !== null && { schema }) }),
    close: () => client.end(),
  };
}
