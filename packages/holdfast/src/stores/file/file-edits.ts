import { setTimeout as sleep } from 'node:timers/promises';
import { isSameJson } from '../../cow/index.ts';
import { isHoldfastError } from '../../errors/index.ts';
import {
  LogSignal,
  type EditOutcome,
  type OutsideEdit,
  type OutsideEdits,
  type OutsideState,
  type RecordedBody,
} from '../../store/index.ts';
import type { EditRecords } from './edit-records.ts';
import type { FileLookup, KnownFile } from './file-lookup.ts';
import { keepAside } from './keep-aside.ts';
import { isKnown, type StateKey } from './rendered-rows.ts';
import type { FileReport, Reporter } from './report.ts';
import { readStateFile, type Found } from './state-file.ts';
import type { StatePlaces } from './state-places.ts';
import { parseState, type RecordedValue } from './state-text.ts';
import { UnreadableText } from './unreadable-text.ts';

/** A file that makes no sense may be half saved: it must stay as it is for so many times as long, before it is reported. */
const NONSENSE_SETTLES = 4;
/** What nobody has touched for so long is not being saved just now. */
const OLD_MS = 2_000;

/** A file that changes all the time is looked at again when it changes next. */
const MOST_LOOKS = 100;

/** Renders a state's head, also over a content of this hash. */
type RenderHead = (key: StateKey, options?: { readonly over: string }) => Promise<void>;
type Text = Extract<Found, { kind: 'text' }>;

/** An edit with what the store needs to settle it. */
interface FileEdit extends OutsideEdit {
  readonly path: string;
  readonly found: Text;
  readonly value: RecordedValue;
  /** Of the file's record when the edit was noticed; undefined when there was none. */
  readonly revision: number | undefined;
}

/** Finds out what became of files: edited, damaged, deleted. Contents are compared, never times alone. */
export class FileEdits implements OutsideEdits {
  readonly #root: string;
  readonly #places: StatePlaces;
  readonly #lookup: FileLookup;
  readonly #records: EditRecords;
  readonly #report: Reporter;
  readonly #settlesMs: number;
  readonly #render: RenderHead;
  readonly #signal = new LogSignal();
  readonly #waiting = new Map<string, FileEdit>();
  /** By path: what was reported and is left as it is, with its hash. */
  readonly #held = new Map<string, { readonly hash: string; readonly report: FileReport }>();
  readonly #looking = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(options: {
    root: string;
    places: StatePlaces;
    lookup: FileLookup;
    records: EditRecords;
    report: Reporter;
    settlesMs: number;
    render: RenderHead;
  }) {
    this.#root = options.root;
    this.#places = options.places;
    this.#lookup = options.lookup;
    this.#records = options.records;
    this.#report = options.report;
    this.#settlesMs = options.settlesMs;
    this.#render = options.render;
  }

  signal(callback: () => void): () => void {
    return this.#signal.subscribe(callback);
  }

  pending(): readonly FileEdit[] {
    return [...this.#waiting.values()];
  }

  /** Reports of files that hold what cannot be taken. */
  held(): readonly FileReport[] {
    return [...this.#held.values()].map(({ report }) => report);
  }

  async look(state: OutsideState): Promise<void> {
    await this.examine(this.#lookup.pathOf(state));
  }

  /** Asks the engine once more about what waits. */
  remind(): void {
    if (this.#waiting.size > 0) this.#signal.fire();
  }

  /** Finds out what a file holds; resolves when that is done with, or waits for the engine. Never rejects. */
  examine(path: string): Promise<void> {
    const running = this.#looking.get(path);
    if (running) return running;
    const looking = this.#examine(path)
      .catch((error: unknown) => this.#failed(path, error))
      .finally(() => this.#looking.delete(path));
    this.#looking.set(path, looking);
    return looking;
  }

  async settle(edit: OutsideEdit, outcome: EditOutcome): Promise<void> {
    const { path, found, scope, id, state, value, revision } = edit as FileEdit;
    const address = { scope, id, state };
    if (outcome.kind === 'refused') {
      this.#done(edit as FileEdit);
      const { message, places } = outcome;
      this.#hold(found.hash, { kind: 'invalid', path, address, places, message: `${path} was edited and cannot be taken: ${message}` });
      return;
    }
    const { conflicts } = outcome;
    // Kept before it is recorded: when this process dies in between, the next one does it again.
    const keptAs = conflicts.length > 0 ? keepAside(this.#root, path, found.text) : undefined;
    const key = await this.#records.take({ address, path, hash: found.hash, value, revision });
    this.#done(edit as FileEdit);
    if (!key) return;
    if (conflicts.length > 0) {
      const where = conflicts.map((place) => place.join('.') || 'the root').join(', ');
      const message = `${path} was edited where the state had changed meanwhile, at ${where}. That change stays; the whole edit is in ${keptAs}.`;
      this.#report({ kind: 'conflict', path, address, places: conflicts, ...(keptAs !== undefined && { keptAs }), message });
    }
    await this.#render(key);
  }

  /** Renders the head over whatever is in the file. */
  async acceptHead(key: StateKey, path: string): Promise<void> {
    const found = readStateFile(this.#root, path);
    await this.#render(key, { over: found.kind === 'absent' ? '' : found.hash });
    this.#forget(path);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#signal.clear();
    await Promise.all(this.#looking.values());
  }

  async #examine(path: string): Promise<void> {
    const found = await this.#settled(path);
    const known = found && (await this.#lookup.find(path));
    if (!known) return;
    const { address, key, row, hasHead, base } = known;
    if (found.kind === 'absent') {
      if (row && hasHead) await this.#render(row);
      return;
    }
    const value = this.#parsed(path, found, known);
    if (!value || found.kind !== 'text') return;
    if (key && hasHead && !base) await this.#unrecorded(path, found, address, key);
    else if (row && base?.defVersion === value.defVersion && isSameJson(base.value, value.value))
      await this.#records.rewritten(row, found.hash);
    else if (!row || hasHead) this.#offer(path, found, known, value);
  }

  /** What is at a path, once it has stayed so for long enough; undefined when that is known already. */
  async #settled(path: string): Promise<Found | undefined> {
    let last: string | undefined;
    for (let [same, looks] = [0, 0]; !this.#isClosed && looks < MOST_LOOKS; looks += 1) {
      const found = readStateFile(this.#root, path);
      const row = await this.#lookup.row(path);
      if (found.kind === 'absent' ? !row : row && isKnown(row, found.hash)) return this.#forget(path);
      const hash = found.kind === 'absent' ? '' : found.hash;
      if (hash !== '' && (this.#held.get(path)?.hash === hash || this.#waiting.get(path)?.found.hash === hash)) return undefined;
      same = hash === last ? same + 1 : 0;
      last = hash;
      const isOld = found.kind !== 'absent' && Math.abs(Date.now() - found.changedAt) > OLD_MS;
      if (isOld || same >= (this.#isSense(path, found) ? 1 : NONSENSE_SETTLES)) return found;
      await sleep(this.#settlesMs);
    }
    return undefined;
  }

  #isSense(path: string, found: Found): boolean {
    if (found.kind !== 'text') return found.kind === 'absent';
    try {
      parseState(found.text, this.#places.formatOf(path), 1);
      return true;
    } catch {
      return false;
    }
  }

  /** What the file says; undefined, and reported, when it makes no sense. */
  #parsed(path: string, found: Exclude<Found, { kind: 'absent' }>, { address, base }: KnownFile): RecordedValue | undefined {
    try {
      if (found.kind === 'refused') throw found.problem;
      return parseState(found.text, this.#places.formatOf(path), base?.defVersion ?? 1);
    } catch (error) {
      if (!(error instanceof UnreadableText)) throw error;
      this.#waiting.delete(path);
      const { line, column } = error;
      const at = line === undefined || column === undefined ? undefined : { line, column };
      const where = at ? ` at line ${at.line}, column ${at.column}` : '';
      const message = `${path} ${error.message}${where}. It stays as it is until it is repaired or the head is accepted.`;
      this.#hold(found.hash, { kind: 'damaged', path, address, message, ...at });
      return undefined;
    }
  }

  /** There is a head, and nobody knows what the file was made from: what it says is kept aside, unless it is the head. */
  async #unrecorded(path: string, found: Text, address: OutsideState, key: StateKey): Promise<void> {
    if (await this.#records.isCurrent(key, path)) {
      await this.#render(key);
      return;
    }
    const keptAs = keepAside(this.#root, path, found.text);
    if (keptAs === undefined) return;
    await this.#render(key, { over: found.hash });
    const message = `${path} held something that is not known to come from the state; it is in ${keptAs}, and the state was rendered.`;
    this.#report({ kind: 'unknown', path, address, keptAs, message });
  }

  #offer(path: string, found: Text, { address, row, base }: KnownFile, value: RecordedValue): void {
    this.#held.delete(path);
    this.#waiting.set(path, {
      ...address,
      key: `file/${address.state}/${row?.revision ?? 0}/${found.hash}`,
      ...(base && { base: toBody(base) }),
      edited: toBody(value),
      path,
      found,
      value,
      revision: row?.revision,
    });
    this.#signal.fire();
  }

  /** Remembered and reported; until the file is another one, nothing is said of it again. */
  #hold(hash: string, report: FileReport): void {
    this.#held.set(report.path, { hash, report });
    this.#report(report);
  }

  #done(edit: FileEdit): void {
    if (this.#waiting.get(edit.path) === edit) this.#waiting.delete(edit.path);
  }

  #forget(path: string): undefined {
    this.#held.delete(path);
    this.#waiting.delete(path);
  }

  #failed(path: string, error: unknown): void {
    if (isHoldfastError(error, 'CLOSED') || this.#isClosed) return;
    const message = error instanceof Error ? error.message : String(error);
    this.#report({ kind: 'failed', path, message: `${path} could not be looked at: ${message}`, error });
  }
}

function toBody({ defVersion, value }: RecordedValue): RecordedBody {
  return { defVersion, body: JSON.stringify(value) };
}
