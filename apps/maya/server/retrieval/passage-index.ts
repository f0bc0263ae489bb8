import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Passage } from './read-passages.ts';

/** Say nothing about what a question is about. */
const LIGHT_WORDS = new Set(
  `a about all am an and any are as at be been but by can come could did do does ever for from get go good had has have he hear her here hey hi how i
   if in into is it its just know like long lot me more much my no not of oh on one or our out really say she so some talk tell than that the
   their them then there they thing this to today tonight too up us very was we well were what when where which who why will with would yes you your`.split(
    /\s+/,
  ),
);
/** A word in the title says more than one in the text. */
const TITLE_WEIGHT = 4;
const MOST_WORDS = 24;

/** Full-text search over passages, in memory: word stems, ranked by bm25. */
export class PassageIndex {
  readonly #db = new DatabaseSync(':memory:');
  readonly #search: StatementSync;

  constructor(passages: readonly Passage[]) {
    this.#db.exec(`CREATE VIRTUAL TABLE passage USING fts5(title, text, tokenize = 'porter unicode61 remove_diacritics 2')`);
    const insert = this.#db.prepare('INSERT INTO passage (rowid, title, text) VALUES (?, ?, ?)');
    passages.forEach(({ title, text }, index) => insert.run(index, title, text));
    this.#search = this.#db.prepare(
      // With a bare variable as its limit the statement would be prepared anew for each search.
      `SELECT rowid AS place FROM passage WHERE passage MATCH ? ORDER BY bm25(passage, ${TITLE_WEIGHT}, 1), rowid LIMIT +?`,
    );
  }

  /** Places of the passages in the list they came in, best first; none when no word of the question is in any. */
  search(question: string, limit: number): readonly number[] {
    const words = [
      ...new Set(
        question
          .normalize('NFKC')
          .toLowerCase()
          .match(/[\p{L}\p{N}]+/gu),
      ),
    ].filter((word) => word.length > 1 && !LIGHT_WORDS.has(word));
    if (words.length === 0) return [];
    // Quoted, so that nothing of it is read as an operator.
    const query = words
      .slice(0, MOST_WORDS)
      .map((word) => `"${word}"`)
      .join(' OR ');
    return (this.#search.all(query, limit) as { place: number }[]).map(({ place }) => place);
  }

  close(): void {
    this.#db.close();
  }
}
