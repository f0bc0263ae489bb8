import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { inTransaction, openOwnDatabase } from '../own-database.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { isoTime } from '../zoned-time.ts';
import { TRANSCRIPT_TABLES } from './transcript-tables.ts';

/** More of one meeting is refused. */
const MOST_SEGMENTS = 100_000;

/** A piece of what was said. `at`: ISO 8601 with zone. */
export const Segment = z.strictObject({
  at: z.iso.datetime({ offset: true }),
  speaker: z.string().max(200),
  text: z.string().min(1).max(10_000),
});
export type Segment = z.infer<typeof Segment>;

export interface TranscribedMeeting {
  readonly id: string;
  readonly title: string;
  readonly started_at: string;
  /** Null while it goes on. */
  readonly ended_at: string | null;
  readonly segments: number;
}

export interface FoundSegment extends Segment {
  readonly meeting_id: string;
  readonly title: string;
  readonly number: number;
  /** The text around what was found, which stands in brackets. */
  readonly excerpt: string;
}

/** What was said in meetings, in `meetings.db`. Any process may write and read it. */
export class Transcripts implements Disposable {
  readonly #db: DatabaseSync;
  readonly #clock: Clock;

  /** @throws {WorkbenchError} UNAVAILABLE, REFUSED. */
  constructor({ path, clock }: { readonly path: string; readonly clock: Clock }) {
    this.#db = openOwnDatabase({ name: 'transcripts', path, versions: TRANSCRIPT_TABLES });
    this.#clock = clock;
  }

  /** Begins a transcript, or goes on with it under the title that it has. */
  begin(id: string, title: string): void {
    const begin = 'INSERT INTO transcript_meeting (id, title, started_at) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET ended_at = NULL';
    this.#db.prepare(begin).run(id, title, isoTime(this.#clock.now()));
  }

  /** Adds what was said, all of it or nothing; gives how many pieces the meeting has. @throws {WorkbenchError} NOT_FOUND; REFUSED when it has too many. */
  add(id: string, segments: readonly Segment[]): number {
    return inTransaction(this.#db, () => {
      const before = this.#meeting(id).segments;
      if (before + segments.length > MOST_SEGMENTS)
        throw new WorkbenchError('REFUSED', `The transcript of ${id} would have more than ${MOST_SEGMENTS} pieces: begin another one.`);
      const insert = this.#db.prepare('INSERT INTO transcript_segment (meeting_id, number, at, speaker, text) VALUES (?, ?, ?, ?, ?)');
      for (const [index, { at, speaker, text }] of segments.entries()) insert.run(id, before + index + 1, at, speaker, text);
      return before + segments.length;
    });
  }

  /** @throws {WorkbenchError} NOT_FOUND. */
  end(id: string): void {
    this.#meeting(id);
    this.#db.prepare('UPDATE transcript_meeting SET ended_at = ? WHERE id = ?').run(isoTime(this.#clock.now()), id);
  }

  /** The latest first. */
  list(limit: number): readonly TranscribedMeeting[] {
    return this.#db.prepare(`${MEETINGS} ORDER BY started_at DESC, id LIMIT ?`).all(limit).map(meetingOf);
  }

  /** Pieces of a meeting in their order, after the one of a number. @throws {WorkbenchError} NOT_FOUND. */
  read(
    id: string,
    after: number,
    limit: number,
  ): TranscribedMeeting & { readonly transcript: readonly (Segment & { readonly number: number })[] } {
    const meeting = this.#meeting(id);
    const select = 'SELECT number, at, speaker, text FROM transcript_segment WHERE meeting_id = ? AND number > ? ORDER BY number LIMIT ?';
    const rows = this.#db.prepare(select).all(id, after, limit);
    return { ...meeting, transcript: rows as unknown as readonly (Segment & { readonly number: number })[] };
  }

  /** Pieces that have all the words, or beginnings of words, the best match first. Signs are no operators. */
  search(words: string, limit: number): readonly FoundSegment[] {
    const terms = words.match(/[\p{L}\p{N}]+/gu) ?? [];
    if (terms.length === 0) return [];
    const query = terms.map((term) => `"${term}"*`).join(' ');
    return this.#db.prepare(SEARCH).all(query, limit) as unknown as readonly FoundSegment[];
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  #meeting(id: string): TranscribedMeeting {
    const found = this.#db.prepare(`${MEETINGS} WHERE id = ?`).get(id);
    if (!found) throw new WorkbenchError('NOT_FOUND', `There is no transcript ${JSON.stringify(id)}: begin it, or list what there is.`);
    return meetingOf(found);
  }
}

const MEETINGS = `
  SELECT id, title, started_at, ended_at, (SELECT COALESCE(MAX(number), 0) FROM transcript_segment WHERE meeting_id = id) AS segments
  FROM transcript_meeting`;

const SEARCH = `
  SELECT s.meeting_id, m.title, s.number, s.at, s.speaker, s.text, snippet(transcript_text, 0, '[', ']', '…', 16) AS excerpt
  FROM transcript_text JOIN transcript_segment s ON s.rowid = transcript_text.rowid JOIN transcript_meeting m ON m.id = s.meeting_id
  WHERE transcript_text MATCH ? ORDER BY rank, s.at DESC LIMIT ?`;

function meetingOf(row: Readonly<Record<string, unknown>>): TranscribedMeeting {
  const { id, title, started_at, ended_at, segments } = row as unknown as TranscribedMeeting;
  return { id, title, started_at, ended_at, segments };
}
