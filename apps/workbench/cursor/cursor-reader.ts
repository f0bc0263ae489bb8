import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { readContent, type ChatContent } from './chat-content.ts';
import { readComposerRecord, type ComposerRecord, type StoredChat } from './composer-record.ts';
import type { CursorChat, CursorReading } from './cursor-chats.ts';
import { readDatabase, textOf } from './read-only-database.ts';
import { WorkspaceStorage } from './workspace-storage.ts';

/** A record of ten thousand chats has about 10 MB. */
const MAX_RECORD_BYTES = 33_554_432;
const NOTHING: ChatContent = { messages: [], issueKeys: [] };

interface Known {
  readonly stamp: string;
  readonly record: ComposerRecord | undefined;
}

interface Found {
  readonly record: ComposerRecord;
  /** Epoch ms. */
  readonly changedAt: number;
}

/** Reads Cursor's chats from its databases, which are never written. What has not changed is not read again, and answered by the same object. */
export class CursorReader {
  readonly #userFolder: string;
  readonly #storage: WorkspaceStorage;
  /** By the path of a database. */
  readonly #known = new Map<string, Known>();
  /** By URI. */
  readonly #answered = new Map<string, { readonly records: readonly ComposerRecord[]; readonly reading: CursorReading }>();

  constructor({ userFolder, now = Date.now }: { readonly userFolder: string; readonly now?: () => number }) {
    this.#userFolder = userFolder;
    this.#storage = new WorkspaceStorage(userFolder, now);
  }

  /** Whether there is a Cursor on this machine. */
  get isThere(): boolean {
    return existsSync(this.#userFolder);
  }

  /** URIs of the workspaces in which something happened since, epoch ms. */
  activeSince(since: number): readonly string[] {
    return this.#storage.uris().filter((uri) => this.#storage.databasesOf(uri).some((path) => changedAt(path) >= since));
  }

  /** The chats of a workspace. One that cannot be read of several databases makes the whole reading fail, since its chats would seem deleted. Never throws. */
  chatsOf(uri: string): CursorReading {
    const found: Found[] = [];
    for (const path of this.#storage.databasesOf(uri)) {
      try {
        const record = this.#recordOf(path);
        if (record) found.push({ record, changedAt: changedAt(path) });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return { kind: 'failed', message: `Cursor's chats in ${path} cannot be read now: ${reason.slice(0, 300)}` };
      }
    }
    if (found.length === 0) return { kind: 'absent', message: `Cursor has no chats of ${uri} below ${this.#userFolder}.` };
    const records = found.toSorted((a, b) => b.changedAt - a.changedAt).map(({ record }) => record);
    const answered = this.#answered.get(uri);
    if (answered?.records.length === records.length && records.every((record, index) => record === answered.records[index]))
      return answered.reading;
    const reading = toReading(records);
    this.#answered.set(uri, { records, reading });
    return reading;
  }

  /** What was said in a chat; nothing when Cursor does not have it. @throws {Error} when it cannot be read now. */
  contentOf(uri: string, chatId: string): ChatContent {
    const everywhere = join(this.#userFolder, 'globalStorage/state.vscdb');
    for (const path of [everywhere, ...this.#storage.databasesOf(uri)]) {
      if (!existsSync(path)) continue;
      const content = readDatabase(path, (db) => (hasTable(db, 'cursorDiskKV') ? readContent(db, chatId) : NOTHING));
      if (content.messages.length > 0) return content;
    }
    return NOTHING;
  }

  /** Undefined when the database has none. */
  #recordOf(path: string): ComposerRecord | undefined {
    const stamp = stampOf(path);
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.record;
    const text = readDatabase(path, (db) => (hasTable(db, 'ItemTable') ? composerData(db) : undefined));
    const record = text === undefined ? undefined : readComposerRecord(text);
    this.#known.set(path, { stamp, record });
    return record;
  }
}

function composerData(db: DatabaseSync): string | undefined {
  const key = 'composer.composerData';
  const found = db.prepare('SELECT length(value) AS size FROM ItemTable WHERE key = ?').get(key);
  if (!found) return undefined;
  if (Number(found['size']) > MAX_RECORD_BYTES) throw new Error(`its record of chats is larger than ${MAX_RECORD_BYTES} bytes`);
  return textOf(db.prepare('SELECT value FROM ItemTable WHERE key = ?').get(key)?.['value']);
}

function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

/** Of the records of one workspace, that of the window that was used last first. */
function toReading(records: readonly ComposerRecord[]): CursorReading {
  const chats = merged(records.flatMap((record) => record.chats));
  const shown = new Set(chats.map(({ id }) => id));
  return {
    kind: 'read',
    chats: chats.toSorted((a, b) => b.lastUpdatedAt - a.lastUpdatedAt),
    focusedId: records.flatMap(({ focusedIds }) => focusedIds).find((id) => shown.has(id)) ?? null,
  };
}

/** The newest of each id, as it is there: a chat that was archived last is archived, and not shown. */
function merged(chats: readonly StoredChat[]): readonly CursorChat[] {
  const newest = new Map<string, StoredChat>();
  for (const chat of chats) {
    const other = newest.get(chat.id);
    if (!other || other.lastUpdatedAt <= chat.lastUpdatedAt) newest.set(chat.id, chat);
  }
  const shown = [...newest.values()].filter(({ isHidden }) => !isHidden);
  return shown.map(({ id, name, createdAt, lastUpdatedAt }) => ({ id, name, createdAt, lastUpdatedAt }));
}

/** Changes whenever something is written: to the database, or to the log that is not in it yet. */
function stampOf(path: string): string {
  const stamps = [path, `${path}-wal`].map((each) => statSync(each, { throwIfNoEntry: false, bigint: true }));
  return stamps.map((stat) => (stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : '-')).join(' | ');
}

function changedAt(path: string): number {
  const times = [path, `${path}-wal`].map((each) => statSync(each, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.max(...times);
}
