import { randomUUID } from 'node:crypto';
import type { CommitOptions, EntityHandle, Json, StateHandle, StateManager, SyncResult, Transaction } from 'holdfast';
import { WorkbenchError } from '../workbench-error.ts';
import { isoTime } from '../zoned-time.ts';
import { journalStates, type JournalMessage, type JournalRecord, type JournalScope, type ToolCall } from './journal-state.ts';

/** Checkpoints by themselves: after so many tool calls, and so many of them stay. */
const AUTO_CHECKPOINTS = { everyToolCalls: 5, keep: 50 } as const;

const MAX_TEXT = 100_000;
const MAX_SUMMARY = 2_000;
const MAX_KEPT = 2_000;
const MAX_VALUE_BYTES = 1_048_576;

export interface JournalOptions {
  /** How many automatic checkpoints stay, 1 to 1,000. Default 50. */
  readonly keepCheckpoints?: number;
}

export interface Message extends JournalMessage {
  readonly id: string;
}

/** What a conversation, a run or a team has come to: an entity of its own, with the engine's history. */
export class Journal {
  readonly scope: JournalScope;
  readonly id: string;
  readonly entity: EntityHandle;
  readonly #handle: StateHandle<JournalRecord>;

  private constructor(scope: JournalScope, entity: EntityHandle, handle: StateHandle<JournalRecord>) {
    this.scope = scope;
    this.id = entity.id;
    this.entity = entity;
    this.#handle = handle;
  }

  /** It is there from its first change on. @throws {HoldfastError} INVALID_ID, INVALID_ARGUMENT, CORRUPT_STATE, STORE_UNAVAILABLE. */
  static async open(state: StateManager, scope: JournalScope, id: string, { keepCheckpoints }: JournalOptions = {}): Promise<Journal> {
    const entity: EntityHandle = state[scope](id, {
      checkpoints: { ...AUTO_CHECKPOINTS, ...(keepCheckpoints !== undefined && { keep: keepCheckpoints }) },
    });
    return new Journal(scope, entity, await entity.get(journalStates[scope]));
  }

  get current(): JournalRecord {
    return this.#handle.current;
  }

  get version(): number {
    return this.#handle.version;
  }

  /** The journal at a checkpoint, or at a version. */
  at(moment: Parameters<StateHandle<JournalRecord>['at']>[0]): Promise<JournalRecord> {
    return this.#handle.at(moment);
  }

  /** Reads what other processes have committed. */
  async refresh(): Promise<JournalRecord> {
    return await this.#handle.refresh();
  }

  subscribe(listener: (now: JournalRecord) => unknown, signal?: AbortSignal): () => void {
    return this.#handle.subscribe((value) => value, listener, { equals: Object.is, ...(signal && { signal }) });
  }

  /** Changes it; what the recipe throws comes out, with nothing changed. */
  async change<R>(
    cause: string,
    recipe: (draft: JournalRecord, tx: Transaction) => SyncResult<R>,
    options: CommitOptions = {},
  ): Promise<R> {
    const { value } = await this.#handle.update(recipe, { cause, ...options });
    return value;
  }

  async setStage(stage: string | null): Promise<void> {
    await this.change('stage', (draft) => void (draft.stage = stage));
  }

  /** Gives the message's id. The newest 2,000 messages are kept. @throws {WorkbenchError} INVALID_INPUT for more than 100,000 characters. */
  async say(from: string, text: string, to: string | null = null): Promise<string> {
    if (text.length > MAX_TEXT)
      throw new WorkbenchError('INVALID_INPUT', `A message has up to ${MAX_TEXT} characters, not ${text.length}.`);
    const id = randomUUID();
    await this.change(
      'message',
      (draft, { now }) => add(draft.messages, id, { n: nextOf(draft.messages), at: isoTime(now), from, to, text }),
      {
        actor: from,
      },
    );
    return id;
  }

  /** In the order in which they were said. */
  messages(): readonly Message[] {
    return ordered(this.current.messages);
  }

  /** A tool was called; said again of the same call it changes nothing. The summary is cut at 2,000 characters, and the newest 2,000 calls are kept. */
  async called(
    toolCall: string,
    { tool, status = 'ok', summary = '' }: { readonly tool: string; readonly status?: ToolCall['status']; readonly summary?: string },
  ): Promise<void> {
    await this.change(
      tool,
      (draft, { now }) => {
        if (Object.hasOwn(draft.tools, toolCall)) return;
        add(draft.tools, toolCall, { n: nextOf(draft.tools), at: isoTime(now), tool, status, summary: summary.slice(0, MAX_SUMMARY) });
      },
      { toolCall },
    );
  }

  /** A file holds something else now; null: it is gone. */
  async noteFile(path: string, hash: string | null): Promise<void> {
    await this.change('file', (draft, { now }) => {
      if (hash === null) delete draft.files[path];
      else draft.files[path] = { hash, at: isoTime(now) };
    });
  }

  /** Sets a value of the shared context; undefined takes it out. @throws {WorkbenchError} INVALID_INPUT for more than 1 MB. */
  async share(key: string, value: Json | undefined, actor?: string): Promise<void> {
    if (value !== undefined) assertSize(key, value);
    await this.change(
      'context',
      (draft) => {
        if (value === undefined) delete draft.context[key];
        else draft.context[key] = value;
      },
      actor === undefined ? {} : { actor },
    );
  }
}

/** @throws {WorkbenchError} INVALID_INPUT for more than 1 MB. */
export function assertSize(what: string, value: Json): void {
  const bytes = Buffer.byteLength(JSON.stringify(value) ?? '');
  if (bytes > MAX_VALUE_BYTES)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${what} has ${bytes} bytes as JSON; up to ${MAX_VALUE_BYTES} are kept. Store it elsewhere and keep its address.`,
    );
}

/** What has an order of its own, in it. */
export function ordered<T extends { readonly n: number; readonly at: string }>(
  record: Readonly<Record<string, T>>,
): readonly (T & { readonly id: string })[] {
  const all = Object.entries(record).map(([id, value]) => ({ ...value, id }));
  return all.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at) || a.n - b.n || (a.id < b.id ? -1 : 1));
}

function nextOf(record: Readonly<Record<string, { readonly n: number }>>): number {
  return Object.values(record).reduce((last, { n }) => Math.max(last, n), 0) + 1;
}

function add<T extends { readonly n: number; readonly at: string }>(record: Record<string, T>, id: string, value: T): void {
  record[id] = value;
  const keys = Object.keys(record);
  if (keys.length <= MAX_KEPT) return;
  for (const { id: old } of ordered(record).slice(0, keys.length - MAX_KEPT)) delete record[old];
}
