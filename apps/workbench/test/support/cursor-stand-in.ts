import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { emptyFolder } from './open-home.ts';

/** A folder as Cursor has it, with real databases. */
export class CursorStandIn {
  readonly userFolder: string;

  constructor(userFolder: string = emptyFolder()) {
    this.userFolder = userFolder;
  }

  /** A storage folder of a workspace; gives the path of its database, which has the record when one is given. */
  storage(name: string, folder: string, record?: unknown, journal: 'wal' | 'delete' = 'wal'): string {
    const directory = join(this.userFolder, 'workspaceStorage', name);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'workspace.json'), JSON.stringify({ folder }));
    const path = join(directory, 'state.vscdb');
    const db = new DatabaseSync(path);
    db.exec(`PRAGMA journal_mode = ${journal}; CREATE TABLE IF NOT EXISTS ItemTable (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB)`);
    db.close();
    if (record !== undefined) this.write(path, record);
    return path;
  }

  write(path: string, record: unknown): void {
    const db = new DatabaseSync(path);
    writeRecord(db, record);
    db.close();
  }

  /** Bubbles of a chat, in the database of all workspaces. */
  say(chatId: string, bubbles: readonly unknown[]): string {
    mkdirSync(join(this.userFolder, 'globalStorage'), { recursive: true });
    const path = join(this.userFolder, 'globalStorage/state.vscdb');
    const db = new DatabaseSync(path);
    db.exec('CREATE TABLE IF NOT EXISTS cursorDiskKV (key TEXT UNIQUE ON CONFLICT REPLACE, value BLOB); BEGIN');
    const insert = db.prepare('INSERT INTO cursorDiskKV VALUES (?, ?)');
    for (const [index, bubble] of bubbles.entries())
      insert.run(`bubbleId:${chatId}:${index}`, typeof bubble === 'string' ? bubble : JSON.stringify(bubble));
    db.exec('COMMIT');
    db.close();
    return path;
  }
}

export function writeRecord(db: DatabaseSync, record: unknown): void {
  const value = typeof record === 'string' ? record : JSON.stringify(record);
  db.prepare("INSERT INTO ItemTable VALUES ('composer.composerData', ?)").run(value);
}

/** A chat as Cursor writes it now. */
export function composer(composerId: string, fields: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return { composerId, name: `Chat ${composerId}`, createdAt: 1_000, lastUpdatedAt: 2_000, isArchived: false, isDraft: false, ...fields };
}
