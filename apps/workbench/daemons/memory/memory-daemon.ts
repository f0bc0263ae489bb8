import { watchMemory } from '../../memory/memory-watch.ts';
import { measureMemory } from '../../memory/statistics.ts';
import { MethodTable } from '../../methods/method-table.ts';
import type { Daemon, DaemonContext, DaemonModule, SelfCheck } from '../daemon.ts';

/** Serves memory from what it has read before; watching tells it what to read again. */
class MemoryDaemon implements Daemon {
  readonly methods: MethodTable;
  readonly #context: DaemonContext;
  #watch: AsyncDisposable | undefined;
  #changes = 0;

  constructor(context: DaemonContext) {
    this.#context = context;
    this.methods = new MethodTable(context.workbench.memory.methods);
  }

  async start(): Promise<void> {
    const { workbench, emit } = this.#context;
    const { documents } = workbench.memory;
    this.#watch = await watchMemory({
      documents,
      state: workbench.state,
      log: workbench.log,
      onChange: (key) => {
        this.#changes += 1;
        emit('memory_changed', { key });
      },
    });
    documents.beginCaching();
    await documents.all();
  }

  async stop(): Promise<void> {
    this.#context.workbench.memory.documents.endCaching();
    await this.#watch?.[Symbol.asyncDispose]();
  }

  async check(): Promise<SelfCheck> {
    const { documents, unreadable, warnings } = await measureMemory(this.#context.workbench.memory.documents);
    return {
      checks: { watching: this.#watch !== undefined, readable: unreadable.length === 0 },
      message: [`${documents} documents.`, ...warnings].join(' '),
    };
  }

  stats(): Readonly<Record<string, unknown>> {
    return { cachedDocuments: this.#context.workbench.memory.documents.cached, changesSeen: this.#changes };
  }

  /** Files may have changed while nobody watched. */
  wokeUp(): void {
    const { documents } = this.#context.workbench.memory;
    documents.endCaching();
    documents.beginCaching();
  }
}

export const memoryDaemon: DaemonModule = { name: 'memory', create: (context) => new MemoryDaemon(context) };
