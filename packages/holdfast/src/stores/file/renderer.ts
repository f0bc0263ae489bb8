import { rmdirSync, rmSync, readdirSync } from 'node:fs';
import { basename, dirname, join, posix } from 'node:path';
import type { Connection } from '../sqlite/connection.ts';
import { findEntityByEid, findHead } from '../sqlite/find-rows.ts';
import { hashOf, makeDirectory, renameSynced, syncDirectory, writeSynced } from './durable-file.ts';
import type { StateAddress } from './file-names.ts';
import {
  allRendered,
  deleteRendered,
  findRendered,
  findRenderedAt,
  freshRow,
  isKnown,
  settled,
  writeRendered,
  type RenderedRow,
  type StateKey,
} from './rendered-rows.ts';
import type { Reporter } from './report.ts';
import { codeOf, pathInside, readStateFile, type Found } from './state-file.ts';
import type { StatePlaces } from './state-places.ts';
import { printState, saysState } from './state-text.ts';
import { readRecorded, type RecordedVersion } from './state-value.ts';
import { TEMPORARY } from './walk-files.ts';

/**
 * What became of a render. `edited`: the file holds something that the records do not know, so it was left alone. `overtaken`: another process is at it.
 * `refused`: there can be no such file.
 */
export type RenderResult =
  | { readonly kind: 'current' | 'rendered' | 'overtaken' }
  | { readonly kind: 'edited'; readonly path: string }
  | { readonly kind: 'refused'; readonly path: string; readonly address: StateAddress; readonly message: string };

/** What a file is to become. */
interface Draft {
  readonly path: string;
  readonly real: string;
  readonly version: number;
  readonly text: string;
  readonly hash: string;
  /** Hash of a content that nobody needs, although the records do not know it. */
  readonly over: string | undefined;
  /** The file is known to have been there, and is not. */
  readonly wasDeleted: boolean;
}

/** What follows from one view of records and file. */
type Decision =
  | RenderResult
  /** The file holds the head already, which is to be recorded: the row as it was, and as it will be. */
  | { readonly kind: 'record'; readonly was: RenderedRow | undefined; readonly row: RenderedRow }
  /** The state's file has another place now. */
  | { readonly kind: 'move'; readonly from: RenderedRow }
  | {
      readonly kind: 'write';
      readonly path: string;
      readonly real: string;
      readonly head: RecordedVersion;
      readonly found: Found;
      readonly wasDeleted: boolean;
    };

/** Of a transaction: what it found out; undefined when things changed meanwhile and are to be looked at again. */
interface Step<Result = RenderResult> {
  readonly keep: boolean;
  readonly result: Result | undefined;
}

/** A live process whose temporary file is taken away by one that opens begins anew; not for ever. */
const MOST_TRIES = 20;

/**
 * Brings the file of a state to its head, as decided in docs/adr/0003: the text is written and synced beside the file, announced in one transaction, and put in
 * place and recorded in another. So the file is always old or new in full, and the records know both.
 */
export class Renderer {
  readonly #db: Connection;
  readonly #root: string;
  readonly #places: StatePlaces;
  readonly #owner: string;
  readonly #report: Reporter;

  /** `owner` tells the temporary files of this process from those of others. */
  constructor(options: { db: Connection; root: string; places: StatePlaces; owner: string; report: Reporter }) {
    this.#db = options.db;
    this.#root = options.root;
    this.#places = options.places;
    this.#owner = options.owner;
    this.#report = options.report;
  }

  /** `over` is the hash of a content that may be rendered over although nobody knows it. */
  async render(key: StateKey, { over }: { readonly over?: string } = {}): Promise<RenderResult> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const result = await this.#step(key, over);
      if (result) return result;
    }
    return { kind: 'overtaken' };
  }

  /** States whose file is elsewhere than their place is now. Costs a walk over all files. */
  async misplaced(): Promise<readonly StateKey[]> {
    return await this.#db.read(() =>
      allRendered(this.#db).filter(({ eid, state, path }) => {
        const entity = findEntityByEid(this.#db, eid);
        return entity && this.#places.pathOf({ scope: entity.scope, id: entity.id, state }) !== path;
      }),
    );
  }

  /** Removes the file of a deleted state, with what was kept aside of it. */
  async remove(row: RenderedRow): Promise<void> {
    await this.#db.write('synced', () => {
      const isGone = findHead(this.#db, row.eid, row.state).version === 0 && findRenderedAt(this.#db, row.path)?.eid === row.eid;
      if (isGone) {
        this.#unlink(row.path);
        deleteRendered(this.#db, row);
      }
      return { keep: isGone, result: undefined };
    });
  }

  /** Undefined: something was in the way that may be gone now. */
  async #step(key: StateKey, over: string | undefined): Promise<RenderResult | undefined> {
    const decision = await this.#db.read(() => this.#decide(key, over));
    switch (decision.kind) {
      case 'record':
        return await this.#db.write('synced', () => this.#record(decision));
      case 'move':
        return await this.#db.write('synced', () => this.#move(decision.from));
      case 'write': {
        const { path, real, head, found, wasDeleted } = decision;
        const text = printState(head, this.#places.formatOf(path), found.kind === 'text' ? found.text : undefined);
        return await this.#put(key, { path, real, version: head.version, text, hash: hashOf(text), over, wasDeleted });
      }
      default:
        return decision;
    }
  }

  #decide(key: StateKey, over: string | undefined): Decision {
    const entity = findEntityByEid(this.#db, key.eid);
    const head = entity && readRecorded(this.#db, key);
    if (!entity || !head) return { kind: 'current' };
    const address = { scope: entity.scope, id: entity.id, state: key.state };
    const path = this.#places.pathOf(address);
    const refused = this.#whyNoFile(key, path, head);
    if (refused !== undefined) return { kind: 'refused', path, address, message: refused };
    const known = findRendered(this.#db, key);
    if (known && known.path !== path) return { kind: 'move', from: known };
    const row = known ?? freshRow(key, path);
    const found = readStateFile(this.#root, path);
    const isUnwanted = found.kind !== 'absent' && found.hash === over;
    const settledBy = isUnwanted ? undefined : this.#compare(known, row, found, head);
    if (settledBy) return settledBy;
    const real = pathInside(this.#root, path) as string;
    return { kind: 'write', path, real, head, found, wasDeleted: found.kind === 'absent' && row.hash !== '' };
  }

  /** What needs no writing of the file; undefined when it is to be written. */
  #compare(known: RenderedRow | undefined, row: RenderedRow, found: Found, head: RecordedVersion): Decision | undefined {
    if (found.kind === 'absent') return undefined;
    const { version, hash, next_version, next_hash, taken, path } = row;
    if (found.hash === hash && version === head.version && next_hash === hash && taken === null) return { kind: 'current' };
    const isAnnounced = found.hash === next_hash && next_version === head.version;
    const isOfUs = isKnown(row, found.hash);
    const saysHead = (): boolean => found.kind === 'text' && saysState(found.text, this.#places.formatOf(path), head);
    // What a person wrote is not corrected in how it is written.
    if (isAnnounced || ((!isOfUs || taken !== null) && saysHead()))
      return { kind: 'record', was: known, row: settled(row, head.version, found.hash) };
    return isOfUs ? undefined : { kind: 'edited', path };
  }

  #record({ was, row }: { readonly was: RenderedRow | undefined; readonly row: RenderedRow }): Step {
    const isAsBefore = findRendered(this.#db, row)?.revision === was?.revision;
    const found = readStateFile(this.#root, row.path);
    if (!isAsBefore || found.kind === 'absent' || found.hash !== row.hash) return { keep: false, result: undefined };
    writeRendered(this.#db, row);
    return { keep: true, result: { kind: 'rendered' } };
  }

  /** Takes the file away from where it was, unless somebody edited it. */
  #move(from: RenderedRow): Step {
    if (findRendered(this.#db, from)?.revision !== from.revision) return { keep: false, result: undefined };
    const found = readStateFile(this.#root, from.path);
    if (found.kind !== 'absent' && !isKnown(from, found.hash)) return { keep: false, result: { kind: 'edited', path: from.path } };
    this.#unlink(from.path);
    deleteRendered(this.#db, from);
    return { keep: true, result: undefined };
  }

  #whyNoFile(key: StateKey, path: string, head: RecordedVersion): string | undefined {
    const owner = findRenderedAt(this.#db, path);
    if (owner && (owner.eid !== key.eid || owner.state !== key.state)) return `has the place of the file of the state ${owner.state}`;
    if (typeof head.value !== 'object' || head.value === null) return 'is no object and no list, which a file of a state always is';
    if (pathInside(this.#root, path) === undefined) return 'would be written outside of the directory, through a symbolic link';
    return undefined;
  }

  async #put(key: StateKey, draft: Draft): Promise<RenderResult | undefined> {
    const temporary = join(dirname(draft.real), `.${basename(draft.real)}.${this.#owner}${TEMPORARY}`);
    try {
      makeDirectory(dirname(draft.real));
      await writeSynced(temporary, draft.text);
      const isNext = await this.#db.write('synced', () => this.#announce(key, draft));
      const result = isNext === true ? await this.#db.write('synced', () => this.#replace(key, draft, temporary)) : isNext;
      if (result?.kind !== 'rendered') this.#discard(temporary);
      else if (draft.wasDeleted)
        this.#report({ kind: 'deleted', path: draft.path, message: `${draft.path} was deleted; it was rendered again.` });
      return result;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      this.#discard(temporary);
      throw error;
    }
  }

  #announce(key: StateKey, draft: Draft): Step<RenderResult | true> {
    const { version, hash, path } = draft;
    const row = findRendered(this.#db, key) ?? freshRow(key, path);
    if (row.path !== path || findHead(this.#db, key.eid, key.state).version === 0) return { keep: false, result: undefined };
    if (row.version > version || row.next_version > version) return { keep: false, result: { kind: 'overtaken' } };
    const found = this.#stillKnown(row, draft);
    if (!found) return { keep: false, result: { kind: 'edited', path } };
    // Who announced before died. If its rename came through, that is what the file holds, and must not be forgotten.
    const isLeftBehind = row.next_hash !== row.hash && found.kind !== 'absent' && found.hash === row.next_hash;
    const adopted = isLeftBehind ? settled(row, row.next_version, row.next_hash) : row;
    writeRendered(this.#db, { ...adopted, next_version: version, next_hash: hash, revision: adopted.revision + 1 });
    return { keep: true, result: true };
  }

  #replace(key: StateKey, draft: Draft, temporary: string): Step {
    const { version, hash, path } = draft;
    const row = findRendered(this.#db, key);
    if (!row || row.path !== path) return { keep: false, result: undefined };
    if (row.next_version !== version || row.next_hash !== hash) return { keep: false, result: { kind: 'overtaken' } };
    if (!this.#stillKnown(row, draft)) return { keep: false, result: { kind: 'edited', path } };
    try {
      renameSynced(temporary, draft.real);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { keep: false, result: undefined };
      throw error;
    }
    writeRendered(this.#db, settled(row, version, hash));
    return { keep: true, result: { kind: 'rendered' } };
  }

  #stillKnown(row: RenderedRow, { path, over }: Draft): Found | undefined {
    const found = readStateFile(this.#root, path);
    return found.kind === 'absent' || found.hash === over || isKnown(row, found.hash) ? found : undefined;
  }

  #unlink(path: string): void {
    const real = pathInside(this.#root, path);
    if (real === undefined) return;
    const directory = dirname(real);
    const { name, ext } = posix.parse(real);
    try {
      for (const each of readdirSync(directory))
        if (each === name + ext || (each.startsWith(`${name}.conflict-`) && each.endsWith(ext))) rmSync(join(directory, each));
      syncDirectory(directory);
      this.#removeEmpty(directory);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }

  /** The state may be gone, and with it the directory that was made for it. */
  #discard(temporary: string): void {
    rmSync(temporary, { force: true });
    this.#removeEmpty(dirname(temporary));
  }

  /** Directories that became empty go, up to the first one that somebody has something in. */
  #removeEmpty(directory: string): void {
    try {
      for (let empty = directory; empty !== this.#root; empty = dirname(empty)) rmdirSync(empty);
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY', 'EEXIST'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}
