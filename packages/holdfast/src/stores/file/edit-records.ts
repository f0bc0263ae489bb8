import type { OutsideState } from '../../store/index.ts';
import type { Connection } from '../sqlite/connection.ts';
import { findEntity, findHead } from '../sqlite/find-rows.ts';
import { findRendered, freshRow, writeRendered, type RenderedRow, type StateKey } from './rendered-rows.ts';
import { readStateFile } from './state-file.ts';
import type { StatePlaces } from './state-places.ts';
import { saysState, type RecordedValue } from './state-text.ts';
import { readRecorded } from './state-value.ts';

/** An edit that the engine has committed. */
interface TakenEdit {
  readonly address: OutsideState;
  readonly path: string;
  readonly hash: string;
  readonly value: RecordedValue;
  /** Of the file's record when the edit was noticed. */
  readonly revision: number | undefined;
}

/** Writes down what is known of edited files. */
export class EditRecords {
  readonly #db: Connection;
  readonly #root: string;
  readonly #places: StatePlaces;

  constructor(options: { db: Connection; root: string; places: StatePlaces }) {
    this.#db = options.db;
    this.#root = options.root;
    this.#places = options.places;
  }

  /**
   * The edit is committed, and the file holds it: the next edit is compared with it, until the head is rendered. Answers whose it was; undefined when another
   * process was first.
   */
  async take({ address, path, hash, value, revision }: TakenEdit): Promise<StateKey | undefined> {
    return await this.#db.write('synced', () => {
      const eid = findEntity(this.#db, address.scope, address.id)?.eid;
      const key = eid === undefined ? undefined : { eid, state: address.state };
      if (!key || findHead(this.#db, key.eid, key.state).version === 0) return { keep: false, result: undefined };
      const row = findRendered(this.#db, key);
      if (row?.revision !== revision) return { keep: false, result: undefined };
      const { version, ...known } = row ?? freshRow(key, path);
      const taken = JSON.stringify(value);
      writeRendered(this.#db, { ...known, version, hash, next_version: version, next_hash: hash, taken, revision: known.revision + 1 });
      return { keep: true, result: key };
    });
  }

  /** The file says what it said, in other words: comments, order, spaces. What was about to be put there is made anew from it. */
  async rewritten(row: RenderedRow, hash: string): Promise<void> {
    await this.#db.write('written', () => {
      const isAsBefore = findRendered(this.#db, row)?.revision === row.revision;
      if (isAsBefore) writeRendered(this.#db, { ...row, hash, next_version: row.version, next_hash: hash, revision: row.revision + 1 });
      return { keep: isAsBefore, result: undefined };
    });
  }

  /** Whether the file says the head. */
  async isCurrent(key: StateKey, path: string): Promise<boolean> {
    const head = await this.#db.read(() => readRecorded(this.#db, key));
    const found = readStateFile(this.#root, path);
    return head !== undefined && found.kind === 'text' && saysState(found.text, this.#places.formatOf(path), head);
  }
}
