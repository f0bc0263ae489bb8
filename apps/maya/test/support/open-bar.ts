import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFile } from 'holdfast';
import { memory } from 'holdfast/memory';
import { sqlite } from 'holdfast/sqlite';
import { listen, type Listening } from '../../server/listen.ts';
import { makeLog } from '../../server/log.ts';
import { openMaya, type Maya, type MayaOptions } from '../../server/open-maya.ts';
import type { PaymentProvider } from '../../server/payments/payment-provider.ts';
import { SimulatedLedger } from '../../server/payments/simulated-ledger.ts';
import { SimulatedProvider, type ProviderCall, type ProviderFault } from '../../server/payments/simulated-provider.ts';
import { Visitor } from './visitor.ts';

/** Visitors of tests talk faster than people. */
const UNLIMITED = { perSession: 10_000, burst: 10_000, inAll: 10_000 };

export type StoreKind = 'memory' | 'sqlite';

export interface BarOptions extends Omit<MayaOptions, 'store' | 'provider' | 'log' | 'masterKeys'> {
  /** Takes the payments instead of the simulated provider. */
  readonly payments?: PaymentProvider;
  readonly store?: StoreKind;
  /** Default: a key file beside the store. */
  readonly masterKeys?: MayaOptions['masterKeys'];
  /** Uses the files of a bar that was closed. */
  readonly directory?: string;
}

/** A bar that takes requests on a free port, over a store of its own. */
export class OpenBar implements AsyncDisposable {
  readonly maya: Maya;
  readonly provider: SimulatedProvider;
  readonly directory: string;
  /** Lines of the server's log. */
  readonly logged: readonly string[];
  /** How the provider's calls shall fail; empty is not at all. */
  readonly faults: Map<ProviderCall, ProviderFault>;
  readonly #listening: Listening;
  readonly #options: BarOptions;
  #keepsFiles = false;

  private constructor(
    bar: Pick<OpenBar, 'maya' | 'provider' | 'directory' | 'logged' | 'faults'>,
    listening: Listening,
    options: BarOptions,
  ) {
    this.maya = bar.maya;
    this.provider = bar.provider;
    this.directory = bar.directory;
    this.logged = bar.logged;
    this.faults = bar.faults;
    this.#listening = listening;
    this.#options = options;
  }

  static async open(options: BarOptions = {}): Promise<OpenBar> {
    const { store = 'memory', clock = Date.now, directory = await mkdtemp(join(tmpdir(), 'maya-')) } = options;
    const faults = new Map<ProviderCall, ProviderFault>();
    const logged: string[] = [];
    const ledger = new SimulatedLedger(store === 'memory' ? undefined : join(directory, 'payments.db'));
    const provider = new SimulatedProvider({ ledger, clock, fault: (call) => faults.get(call) });
    const log = makeLog('info', { write: (line) => void logged.push(line) });
    const maya = await openMaya({
      messageLimits: UNLIMITED,
      masterKeys: keyFile(join(directory, 'master.key')),
      ...options,
      store: store === 'memory' ? memory({ clock }) : sqlite(join(directory, 'bar.db'), { clock }),
      provider: options.payments ?? provider,
      log,
    });
    return new OpenBar({ maya, provider, directory, logged, faults }, await listen(maya, { host: '127.0.0.1', port: 0 }), options);
  }

  get url(): string {
    return this.#listening.url;
  }

  visitor(cookie?: string): Visitor {
    return new Visitor(this.url, cookie);
  }

  /** Closes the bar and opens it again over the same files. */
  async reopen(options: BarOptions = {}): Promise<OpenBar> {
    this.#keepsFiles = true;
    await this.close();
    return await OpenBar.open({ ...this.#options, ...options, directory: this.directory });
  }

  async close(): Promise<void> {
    await this.#listening.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    if (!this.#keepsFiles) await rm(this.directory, { recursive: true, force: true });
  }
}
