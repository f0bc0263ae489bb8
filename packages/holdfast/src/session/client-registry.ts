import { createHmac, randomBytes } from 'node:crypto';
import { HoldfastError } from '../errors/index.ts';
import { publishError } from '../event/index.ts';

export interface ClientRegistryOptions<Client> {
  /** Makes a client for a session; called once for callers at the same time, again after it failed. */
  readonly create: (session: string, credential: string) => Promise<Client>;
  /** Releases a client. What it throws is reported on the diagnostics channel `holdfast:error` and stops nothing. */
  readonly close: (client: Client) => Promise<void> | void;
}

interface Entry<Client> {
  readonly fingerprint: string;
  readonly client: Promise<Client>;
  users: number;
  /** Nobody new gets it; it is closed once its last user is done. */
  isRetired: boolean;
  isClosing: boolean;
  readonly closed: PromiseWithResolvers<void>;
}

/**
 * One client of an outside service per session: made when first needed, reused while its credential is the same, replaced when that rotates.
 * Credentials are kept as fingerprints only (HMAC-SHA-256 under a key of this process).
 */
export class ClientRegistry<Client> {
  readonly #options: ClientRegistryOptions<Client>;
  readonly #fingerprintKey = randomBytes(32);
  readonly #current = new Map<string, Entry<Client>>();
  readonly #open = new Set<Entry<Client>>();
  #isClosed = false;

  constructor(options: ClientRegistryOptions<Client>) {
    this.#options = options;
  }

  /** Sessions that have a client now. */
  get size(): number {
    return this.#current.size;
  }

  /**
   * Runs `work` with the session's client, which is not closed before it is done.
   * @throws {HoldfastError} CLOSED after `closeAll`; and whatever `create` or `work` throws.
   */
  async use<R>(session: string, credential: string, work: (client: Client) => Promise<R>): Promise<R> {
    if (this.#isClosed) throw new HoldfastError('CLOSED', 'The client registry is closed.', { what: 'client registry' });
    const entry = this.#entry(session, credential);
    entry.users += 1;
    try {
      return await work(await entry.client);
    } finally {
      entry.users -= 1;
      if (entry.isRetired && entry.users === 0) await this.#close(entry);
    }
  }

  /** Retires the session's client, if it has one; resolves when it is closed, which is after its last user. */
  async close(session: string): Promise<void> {
    const entry = this.#current.get(session);
    if (!entry) return;
    this.#current.delete(session);
    await this.#retire(entry);
  }

  /** Retires every client and takes no new users; resolves when all are closed, or after `graceMs` closes those still in use. Default: waits. */
  async closeAll(options: { readonly graceMs?: number } = {}): Promise<void> {
    this.#isClosed = true;
    this.#current.clear();
    const retired = Promise.all([...this.#open].map((entry) => this.#retire(entry)));
    if (options.graceMs === undefined) {
      await retired;
      return;
    }
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, options.graceMs);
    await Promise.race([retired, over]);
    clearTimeout(timer);
    await Promise.all([...this.#open].map((entry) => this.#close(entry)));
  }

  #entry(session: string, credential: string): Entry<Client> {
    const fingerprint = createHmac('sha256', this.#fingerprintKey).update(credential).digest('hex');
    const known = this.#current.get(session);
    if (known?.fingerprint === fingerprint) return known;
    const entry: Entry<Client> = {
      fingerprint,
      client: this.#options.create(session, credential),
      users: 0,
      isRetired: false,
      isClosing: false,
      closed: Promise.withResolvers<void>(),
    };
    this.#current.set(session, entry);
    this.#open.add(entry);
    entry.client.catch(() => {
      // The next caller tries again.
      this.#open.delete(entry);
      if (this.#current.get(session) === entry) this.#current.delete(session);
    });
    if (known) void this.#retire(known);
    return entry;
  }

  /** Resolves when the entry is closed. */
  async #retire(entry: Entry<Client>): Promise<void> {
    entry.isRetired = true;
    if (entry.users === 0) await this.#close(entry);
    await entry.closed.promise;
  }

  async #close(entry: Entry<Client>): Promise<void> {
    if (!entry.isClosing) {
      entry.isClosing = true;
      void this.#release(entry);
    }
    await entry.closed.promise;
  }

  async #release(entry: Entry<Client>): Promise<void> {
    try {
      const client = await entry.client.catch(() => undefined);
      if (client !== undefined) await this.#options.close(client);
    } catch (error) {
      publishError(error, 'client');
    }
    this.#open.delete(entry);
    entry.closed.resolve();
  }
}
