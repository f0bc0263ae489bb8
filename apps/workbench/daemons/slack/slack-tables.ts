/** Versions of the tables; a new one is added at the end. */
export const SLACK_TABLES: readonly string[] = [
  `
  CREATE TABLE slack_message (
    channel TEXT NOT NULL,
    ts TEXT NOT NULL,
    user TEXT,
    text TEXT NOT NULL,
    thread_ts TEXT,
    UNIQUE (channel, ts)
  ) STRICT;
  CREATE INDEX slack_message_thread ON slack_message (channel, thread_ts) WHERE thread_ts IS NOT NULL;

  CREATE VIRTUAL TABLE slack_message_text USING fts5 (text, content = 'slack_message', tokenize = 'unicode61 remove_diacritics 2');
  CREATE TRIGGER slack_message_added AFTER INSERT ON slack_message BEGIN
    INSERT INTO slack_message_text (rowid, text) VALUES (new.rowid, new.text);
  END;
  CREATE TRIGGER slack_message_changed AFTER UPDATE OF text ON slack_message BEGIN
    INSERT INTO slack_message_text (slack_message_text, rowid, text) VALUES ('delete', old.rowid, old.text);
    INSERT INTO slack_message_text (rowid, text) VALUES (new.rowid, new.text);
  END;
  CREATE TRIGGER slack_message_removed AFTER DELETE ON slack_message BEGIN
    INSERT INTO slack_message_text (slack_message_text, rowid, text) VALUES ('delete', old.rowid, old.text);
  END;

  -- Up to where a channel was read.
  CREATE TABLE slack_cursor (
    channel TEXT PRIMARY KEY,
    ts TEXT NOT NULL,
    read_at TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- Who Slack does not know has no name.
  CREATE TABLE slack_user (
    id TEXT PRIMARY KEY,
    name TEXT,
    real_name TEXT,
    read_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
];
