import { defineState, StateManager, type StateDefinition, type StateHandle } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';
import { BenchDirectory } from './bench-state.ts';
import { notesOf } from './conversations.ts';

const MessageSchema = z.strictObject({ role: z.string(), text: z.string() });

interface Transcript {
  messages: z.infer<typeof MessageSchema>[];
}

const initial: Transcript = { messages: [] };

/** As a list that grows is meant to be defined: its items are checked one by one, when they come. */
const EachChecked: StateDefinition<Transcript, 'conversation'> = defineState({
  name: 'transcript',
  scope: 'conversation',
  schema: z.strictObject({ messages: z.custom<Transcript['messages']>(Array.isArray) }),
  each: { messages: MessageSchema },
  initial,
});

/** The whole list is checked at every commit. */
const AllChecked: StateDefinition<Transcript, 'conversation'> = defineState({
  name: 'transcript',
  scope: 'conversation',
  schema: z.strictObject({ messages: z.array(MessageSchema) }),
  initial,
});

/** Conversations on a SQLite store of their own that grow by 2 kB a turn. */
export class GrowingState {
  readonly #directory = new BenchDirectory();
  readonly #snapshots: boolean;
  readonly #definition: StateDefinition<Transcript, 'conversation'>;
  #state: StateManager | undefined;
  #made = 0;
  transcript: StateHandle<Transcript> | undefined;

  /** Without snapshots, nothing but the patches is stored. */
  constructor({ snapshots, checks = 'each' }: { readonly snapshots: boolean; readonly checks?: 'each' | 'all' }) {
    this.#snapshots = snapshots;
    this.#definition = checks === 'each' ? EachChecked : AllChecked;
  }

  async open(): Promise<void> {
    const store = sqlite(this.#directory.file('bench.db'));
    if (!this.#snapshots) store.compact = () => Promise.resolve();
    this.#state = await StateManager.open({ store, sweepEveryMs: 0, effectScanEveryMs: 60_000 });
  }

  /** Goes on with a new conversation. */
  async begin(): Promise<void> {
    this.transcript = await this.#state!.conversation(`c-${(this.#made += 1)}`).get(this.#definition);
  }

  /** So many turns, one after the other; answers their time in ms. */
  async turns(count: number): Promise<number> {
    const turn = this.transcript!.current.messages.length;
    const texts = Array.from({ length: count }, (_, index) => notesOf(turn + index).notes.join('\n'));
    const start = performance.now();
    for (const text of texts) await this.transcript!.update((draft) => void draft.messages.push({ role: 'user', text }));
    return performance.now() - start;
  }

  /** Of all bodies as they are stored, without indexes and free pages. */
  async bytes(): Promise<number> {
    return (await this.#state!.du()).total.bytes;
  }

  async close(): Promise<void> {
    await this.#state?.close();
    this.#directory.remove();
  }
}
