/** Versions of the tables; a new one is added at the end. */
export const TRANSCRIPT_TABLES: readonly string[] = [
  `
  CREATE TABLE transcript_meeting (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT
  ) STRICT;
  CREATE INDEX transcript_meeting_started ON transcript_meeting (started_at);

  CREATE TABLE transcript_segment (
    meeting_id TEXT NOT NULL REFERENCES transcript_meeting (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    at TEXT NOT NULL,
    speaker TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (meeting_id, number)
  ) STRICT;

  CREATE VIRTUAL TABLE transcript_text USING fts5 (text, content = 'transcript_segment', tokenize = 'unicode61 remove_diacritics 2');
  CREATE TRIGGER transcript_segment_added AFTER INSERT ON transcript_segment BEGIN
    INSERT INTO transcript_text (rowid, text) VALUES (new.rowid, new.text);
  END;
  CREATE TRIGGER transcript_segment_removed AFTER DELETE ON transcript_segment BEGIN
    INSERT INTO transcript_text (transcript_text, rowid, text) VALUES ('delete', old.rowid, old.text);
  END;
  `,
];
