import { patched, type Patch } from '../cow/index.ts';
import { isHoldfastError } from '../errors/index.ts';
import type { LogNews } from '../event/index.ts';
import type { LoggedChange, LoggedCommit, LogPage, Store } from '../store/index.ts';
import type { EntityRegistry } from './entity-registry.ts';
import { loadCell } from './load-cell.ts';
import type { StateCell } from './state-cell.ts';

const PAGE = 256;

/** Keeps the cells in step with what other processes commit, by reading the log from where this process stands. */
export class LogFollower {
  readonly #store: Store;
  readonly #registry: EntityRegistry;
  readonly #onError: (error: unknown) => void;
  readonly #listeners = new Set<(news?: LogNews) => void>();
  #seq: number;
  #running: Promise<void> | undefined;
  #again = false;
  /** Signals that came while this process's own batch was on its way; one of them is its own. */
  #signalsDuringOwn: number | undefined;

  constructor(store: Store, registry: EntityRegistry, seq: number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#registry = registry;
    this.#seq = seq;
    this.#onError = onError;
  }

  /** Up to where the cells are in step. */
  get seq(): number {
    return this.#seq;
  }

  /** Calls back when the log has moved, by whomever; with what was committed, where that is at hand. Returns the unsubscriber. */
  onMoved(listener: (news?: LogNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A batch of this process goes to the store: its own signal is not news. */
  beginOwn(): void {
    this.#signalsDuringOwn = 0;
  }

  /** The batch was not written, or nobody knows. */
  endOwn(): void {
    const signals = this.#signalsDuringOwn ?? 0;
    this.#signalsDuringOwn = undefined;
    if (signals > 0) this.poke();
  }

  /** The batch was written and is published; reads what others wrote between, if they did. `asLogged` gives what the log has of the batch, if that can be told without it. */
  async ownCommits(seqs: readonly number[], asLogged: () => readonly LoggedCommit[] | undefined): Promise<void> {
    const signals = this.#signalsDuringOwn ?? 0;
    this.#signalsDuringOwn = undefined;
    const logged = seqs.filter((seq) => seq > 0);
    const [first] = logged;
    if (first === this.#seq + 1) {
      this.#seq = logged.at(-1) as number;
      const commits = this.#listeners.size > 0 ? asLogged() : undefined;
      this.#tell(commits && { since: first - 1, page: { commits, seq: this.#seq } });
    } else if (first !== undefined) {
      await this.catchUp();
      this.#tell();
    }
    if (signals > (first === undefined ? 0 : 1)) this.poke();
  }

  /** Applies everything up to the end of the log, and tells the listeners of what it found. Calls during a run make one more run. */
  catchUp(): Promise<void> {
    if (this.#running) {
      this.#again = true;
      return this.#running;
    }
    this.#running = this.#run();
    return this.#running;
  }

  /** Catches up in the background; a failure is reported and the next signal tries again. */
  poke(): void {
    if (this.#signalsDuringOwn !== undefined) {
      this.#signalsDuringOwn += 1;
      return;
    }
    this.catchUp().catch(this.#onError);
  }

  async #run(): Promise<void> {
    const since = this.#seq;
    // What was read, if one page was all.
    let news: LogNews | undefined;
    try {
      do {
        this.#again = false;
        for (let isAtEnd = false; !isAtEnd;) {
          const { page, isWhole } = await this.#nextPage();
          for (const commit of page.commits) await this.#apply(commit);
          if (page.seq <= this.#seq) break;
          isAtEnd = isWhole && page.commits.length < PAGE;
          news = isWhole && this.#seq === since ? { since, page } : undefined;
          this.#seq = page.seq;
        }
      } while (this.#again);
    } catch (error) {
      news = undefined;
      throw error;
    } finally {
      // In the same step as the last look at `#again`: whoever asks later begins a run of its own.
      this.#running = undefined;
      if (this.#seq > since) this.#tell(news);
    }
  }

  /** The commits behind `seq`; one that is damaged is passed over, and whatever it may have changed is loaded anew when it is needed. */
  async #nextPage(): Promise<{ readonly page: LogPage; readonly isWhole: boolean }> {
    try {
      return { page: await this.#store.log(this.#seq, {}, PAGE), isWhole: true };
    } catch (error) {
      if (!isHoldfastError(error, 'CORRUPT_STATE')) throw error;
    }
    try {
      return { page: await this.#store.log(this.#seq, {}, 1), isWhole: false };
    } catch (error) {
      if (!isHoldfastError(error, 'CORRUPT_STATE')) throw error;
      this.#onError(error);
      this.#registry.markStale();
      return { page: { commits: [], seq: this.#seq + 1 }, isWhole: false };
    }
  }

  async #apply(commit: LoggedCommit): Promise<void> {
    for (const drop of commit.drops) {
      const entity = this.#registry.byEid(drop.eid);
      if (entity) this.#registry.dropped(entity);
    }
    for (const change of commit.changes) await this.#applyChange(change);
  }

  async #applyChange(change: LoggedChange): Promise<void> {
    const entity = this.#registry.byEid(change.eid) ?? this.#registry.find(change.scope, change.id);
    if (!entity) return;
    if (entity.eid === undefined) await this.#registry.resolve(entity);
    if (entity.eid !== change.eid) return;
    entity.onChanged?.();
    const cell = entity.states.get(change.state);
    if (!cell || change.version <= cell.version) return;
    try {
      if (cell.stale || !followChange(cell, change)) {
        cell.stale = true;
        await loadCell(this.#store, cell);
      }
    } catch (error) {
      cell.stale = true;
      this.#onError(error);
    }
  }

  #tell(news?: LogNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

/** Moves a cell one version on, if the change is the next one and in the shape of the definition; a state with secrets is loaded anew. */
function followChange(cell: StateCell, change: LoggedChange): boolean {
  const { version, defVersion, kind, body } = change;
  if (version !== cell.version + 1 || defVersion !== cell.reader.version || cell.reader.secrets) return false;
  if (kind === 'patch' && cell.defVersion !== defVersion) return false;
  const next: unknown = kind === 'full' ? JSON.parse(body) : patched(cell.value as object, JSON.parse(body) as Patch[]);
  cell.publish(version, cell.reader.read(next, defVersion, version), defVersion);
  cell.grow(kind, body.length);
  return true;
}
