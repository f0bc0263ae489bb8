import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { WorkbenchError } from '../workbench-error.ts';
import { textOf } from './document-text.ts';
import type { Document, Documents } from './documents.ts';

export interface SearchHit {
  readonly key: string;
  /** Below the home. */
  readonly file: string;
  /** What stands around the words, which are between `«` and `»`. */
  readonly excerpt: string;
}

/** Raised whenever tables or what is put into them change: an index of another format is made anew. */
const FORMAT = 1;
const MAX_WORDS = 16;
const EXCERPT_WORDS = 24;

const SCHEMA = `
  CREATE TABLE document (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, hash TEXT NOT NULL);
  CREATE VIRTUAL TABLE text USING fts5(key, body, tokenize = "unicode61 remove_diacritics 2");
  PRAGMA user_version = ${FORMAT};
`;

/**
 * Finds documents by their words. The index is a file that may be thrown away: it is compared with the documents before each search, and made anew when it is
 * absent or damaged. Several processes may share it.
 */
export class SearchIndex {
  readonly #documents: Documents;
  readonly #path: string;
  #db: DatabaseSync | undefined;

  constructor(documents: Documents) {
    this.#documents = documents;
    this.#path = join(documents.home, 'memory', '.index.db');
  }

  /**
   * Documents in which all the words are, or words that begin so; `"words in quotes"` stand side by side. The best first. Costs a look at every document's file.
   * @throws {WorkbenchError} INVALID_INPUT without a word.
   */
  async search(query: string, limit: number): Promise<readonly SearchHit[]> {
    const match = matchOf(query);
    const { documents } = await this.#documents.all();
    try {
      return this.#search(documents, match, limit);
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#discard();
      return this.#search(documents, match, limit);
    }
  }

  close(): void {
    this.#db?.close();
    this.#db = undefined;
  }

  #search(documents: readonly Document[], match: string, limit: number): readonly SearchHit[] {
    const db = this.#open();
    this.#bringUp(db, documents);
    const rows = db
      .prepare(
        `SELECT key, snippet(text, 1, '«', '»', '…', ${EXCERPT_WORDS}) AS excerpt FROM text WHERE text MATCH ? ORDER BY bm25(text, 4.0, 1.0), key LIMIT ?`,
      )
      .all(match, limit) as { key: string; excerpt: string }[];
    const files = new Map(documents.map(({ key, file }) => [key, file]));
    return rows.map(({ key, excerpt }) => ({ key, file: files.get(key) ?? key, excerpt: excerpt.trim() }));
  }

  #bringUp(db: DatabaseSync, documents: readonly Document[]): void {
    const known = new Map(
      (db.prepare('SELECT id, key, hash FROM document').all() as { id: number; key: string; hash: string }[]).map((row) => [row.key, row]),
    );
    const changed = documents.filter(({ key, content }) => known.get(key)?.hash !== hashOf(textOf(content)));
    for (const { key } of documents) known.delete(key);
    if (changed.length === 0 && known.size === 0) return;
    inTransaction(db, () => {
      for (const { key } of known.values()) remove(db, key);
      for (const { key, content } of changed) {
        remove(db, key);
        const { lastInsertRowid: id } = db.prepare('INSERT INTO document (key, hash) VALUES (?, ?)').run(key, hashOf(textOf(content)));
        db.prepare('INSERT INTO text (rowid, key, body) VALUES (?, ?, ?)').run(id, key, textOf(content));
      }
    });
  }

  #open(): DatabaseSync {
    if (this.#db) return this.#db;
    mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
    const db = new DatabaseSync(this.#path, { timeout: 5_000 });
    try {
      chmodSync(this.#path, 0o600);
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
      inTransaction(db, () => {
        const { user_version: format } = db.prepare('PRAGMA user_version').get() as { user_version: number };
        if (format === FORMAT) return;
        db.exec('DROP TABLE IF EXISTS document; DROP TABLE IF EXISTS text');
        db.exec(SCHEMA);
      });
    } catch (error) {
      db.close();
      throw error;
    }
    this.#db = db;
    return db;
  }

  #discard(): void {
    this.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.#path + suffix, { force: true });
  }
}

function remove(db: DatabaseSync, key: string): void {
  const row = db.prepare('DELETE FROM document WHERE key = ? RETURNING id').get(key) as { id: number } | undefined;
  if (row) db.prepare('DELETE FROM text WHERE rowid = ?').run(row.id);
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    work();
    db.exec('COMMIT');
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** What people write, as a query of FTS5: nothing of it has a meaning there but the quotes. */
function matchOf(query: string): string {
  const words = Array.from(query.matchAll(/"([^"]+)"|[^\s"]+/g), ([word, phrase]) => ({
    text: phrase ?? word,
    isPhrase: phrase !== undefined,
  }))
    .filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
    .slice(0, MAX_WORDS);
  if (words.length === 0) throw new WorkbenchError('INVALID_INPUT', 'There is no word to search for. Give one or more.');
  return words.map(({ text, isPhrase }) => `"${text.replaceAll(/["\0]/g, ' ')}"${isPhrase ? '' : '*'}`).join(' ');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

/** SQLite's codes for a file that is no database, is damaged, or has other tables. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  const code = error.errcode & 0xff;
  return code === 11 || code === 26 || code === 1;
}
