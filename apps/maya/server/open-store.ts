import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Store } from 'holdfast';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import type { StoreConfig } from './config.ts';
import { SimulatedLedger } from './payments/simulated-ledger.ts';

/** The store of a configuration, not yet opened; its directory is made, for its owner only. */
export function storeFor(config: StoreConfig): Store {
  if (config.kind === 'memory') return memory();
  mkdirSync(dirname(config.file), { recursive: true, mode: 0o700 });
  return sqlite(config.file);
}

/** The simulated provider's ledger, beside the store: `maya.db` has `maya-payments.db`. */
export function ledgerFor(config: StoreConfig): SimulatedLedger {
  return new SimulatedLedger(config.kind === 'memory' ? undefined : config.file.replace(/(?:\.db)?$/, '-payments.db'));
}
