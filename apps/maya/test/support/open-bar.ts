import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFile, type Store } from 'holdfast';
import { files } from 'holdfast/files';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import { listen, type Listening } from '../../server/listen.ts';
import { makeLog } from '../../server/log.ts';
import { openMaya, type Maya, type MayaOptions } from '../../server/open-maya.ts';
import { openPostgres } from '../../server/open-postgres.ts';
import type { PaymentProvider } from '../../server/payments/payment-provider.ts';
import { PostgresLedger } from '../../server/payments/postgres-ledger.ts';
import { SimulatedLedger, type PaymentLedger } from '../../server/payments/simulated-ledger.ts';
import { SimulatedProvider, type ProviderCall, type ProviderFault } from '../../server/payments/simulated-provider.ts';
import { createDatabase, dropDatabase } from './postgres.ts';
import { Visitor } from './visitor.ts';

/** Visitors of tests talk faster than people. */
const UNLIMITED = { perSession: 10_000, burst: 10_000, inAll: 10_000 };

export const DURABLE_STORES = ['sqlite', 'files', 'postgres'] as const;
export const STORES = ['memory', ...DURABLE_STORES] as const;
export type StoreKind = (typeof STORES)[number];

export interface BarOptions extends Omit<MayaOptions, 'store' | 'provider' | 'log' | 'masterKeys'> {
  /** Takes the payments instead of the simulated provider. */
  readonly payments?: PaymentProvider;
  readonly store?: StoreKind;
  /** Default: a key file beside the store. */
  readonly masterKeys?: MayaOptions['masterKeys'];
  /** Uses what a bar has stored that was closed. */
  readonly kept?: Kept;
}

interface Kept {
  readonly directory: string;
  /** Of a bar on Postgres. */
  readonly database: string | undefined;
}

/** A bar that takes requests on a free port, over a store of its own. */
export class OpenBar implements AsyncDisposable {
  readonly maya: Maya;
  readonly provider: SimulatedProvider;
  readonly kept: Kept;
  /** Lines of the server's log. */
  readonly logged: readonly string[];
  /** How the provider's calls shall fail; empty is not at all. */
  readonly faults: Map<ProviderCall, ProviderFault>;
  readonly #listening: Listening;
  readonly #options: BarOptions;
  #keepsFiles = false;

  private constructor(bar: Pick<OpenBar, 'maya' | 'provider' | 'kept' | 'logged' | 'faults'>, listening: Listening, options: BarOptions) {
    this.maya = bar.maya;
    this.provider = bar.provider;
    this.kept = bar.kept;
    this.logged = bar.logged;
    this.faults = bar.faults;
    this.#listening = listening;
    this.#options = options;
  }

  static async open(options: BarOptions = {}): Promise<OpenBar> {
    const { store = 'memory', clock = Date.now, kept = await keep(store) } = options;
    const faults = new Map<ProviderCall, ProviderFault>();
    const logged: string[] = [];
    const ledger = await openLedger(store, kept);
    const provider = new SimulatedProvider({ ledger, clock, fault: (call) => faults.get(call) });
    if (options.payments) await provider.close();
    const log = makeLog('info', { write: (line) => void logged.push(line) });
    const maya = await openMaya({
      messageLimits: UNLIMITED,
      masterKeys: keyFile(join(kept.directory, 'master.key')),
      ...options,
      store: openStore(store, kept, clock),
      provider: options.payments ?? provider,
      log,
    });
    return new OpenBar({ maya, provider, kept, logged, faults }, await listen(maya, { host: '127.0.0.1', port: 0 }), options);
  }

  get url(): string {
    return this.#listening.url;
  }

  visitor(cookie?: string): Visitor {
    return new Visitor(this.url, cookie);
  }

  get directory(): string {
    return this.kept.directory;
  }

  /** Closes the bar and opens it again over what it has stored. */
  async reopen(options: BarOptions = {}): Promise<OpenBar> {
    this.#keepsFiles = true;
    await this.close();
    return await OpenBar.open({ ...this.#options, ...options, kept: this.kept });
  }

  async close(): Promise<void> {
    await this.#listening.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    if (this.#keepsFiles) return;
    await rm(this.directory, { recursive: true, force: true });
    if (this.kept.database !== undefined) await dropDatabase(this.kept.database);
  }
}

async function keep(store: StoreKind): Promise<Kept> {
  return { directory: await mkdtemp(join(tmpdir(), 'maya-')), database: store === 'postgres' ? await createDatabase() : undefined };
}

function openStore(store: StoreKind, { directory, database = '' }: Kept, clock: () => number): Store {
  switch (store) {
    case 'memory':
      return memory({ clock });
    case 'sqlite':
      return sqlite(join(directory, 'bar.db'), { clock });
    case 'files':
      return files(join(directory, 'bar'), { clock });
    case 'postgres':
      return openPostgres(database);
  }
}

async function openLedger(store: StoreKind, { directory, database }: Kept): Promise<PaymentLedger> {
  if (database !== undefined) return await PostgresLedger.open(database);
  return new SimulatedLedger(store === 'memory' ? undefined : join(directory, 'payments.db'));
}
