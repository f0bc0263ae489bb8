import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Store } from 'holdfast';
import { files } from 'holdfast/files';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import type { StoreConfig } from './config.ts';
import { openPostgres } from './open-postgres.ts';
import { PostgresLedger } from './payments/postgres-ledger.ts';
import { SimulatedLedger, type PaymentLedger } from './payments/simulated-ledger.ts';

/** The store of a configuration, not yet opened; its directory is made, for its owner only. */
export function storeFor(config: StoreConfig): Store {
  switch (config.kind) {
    case 'memory':
      return memory();
    case 'postgres':
      return openPostgres(config.url);
    case 'files':
      mkdirSync(config.directory, { recursive: true, mode: 0o700 });
      return files(config.directory);
    case 'sqlite':
      mkdirSync(dirname(config.file), { recursive: true, mode: 0o700 });
      return sqlite(config.file);
  }
}

/** The simulated provider's ledger, beside the store: `maya.db` has `maya-payments.db`, and Postgres has it in a schema of its own. */
export async function ledgerFor(config: StoreConfig): Promise<PaymentLedger> {
  if (config.kind === 'postgres') return await PostgresLedger.open(config.url);
  return new SimulatedLedger(fileBeside(config, 'payments.db'));
}

/** Where a file that goes with the store belongs: `maya.db` has `maya-payments.db` beside it. Undefined for states in memory. */
export function fileBeside(config: StoreConfig, name: string): string | undefined {
  switch (config.kind) {
    case 'memory':
      return undefined;
    case 'postgres':
      return `maya-data/maya-${name}`;
    case 'files':
      return `${config.directory.replace(/\/+$/, '')}-${name}`;
    case 'sqlite':
      return `${config.file.replace(/\.db$/, '')}-${name}`;
  }
}
