import { fileOf, keyOfEntity } from '../memory/document-key.ts';
import { watchMemory } from '../memory/memory-watch.ts';
import type { Workbench } from '../open-workbench.ts';
import { stateFile } from '../state-files.ts';
import { resourceUri, type Resources } from './resources.ts';

/** What clients are told of. */
export type McpChange = { readonly kind: 'tools' } | { readonly kind: 'resources' } | { readonly kind: 'resource'; readonly uri: string };
type Listener = (change: McpChange) => void;

/** Notices what changes for clients, by whichever process: files, the list of files, and personas, by which tools are offered. */
export class ChangeHub {
  readonly #workbench: Workbench;
  readonly #resources: Resources;
  readonly #listeners = new Set<Listener>();
  readonly #ending = new AbortController();
  readonly #known = new Set<string>();
  #following: Promise<void> | undefined;
  #unsubscribe: readonly (() => void)[] = [];
  #memory: AsyncDisposable | undefined;

  constructor(workbench: Workbench, resources: Resources) {
    this.#workbench = workbench;
    this.#resources = resources;
  }

  async start(): Promise<void> {
    const { memory, state, log, workspaces, config } = this.#workbench;
    for (const { uri } of await this.#resources.list()) this.#known.add(uri);
    this.#memory = await watchMemory({ documents: memory.documents, state, log, onChange: () => undefined });
    this.#following = this.#follow().catch((error: unknown) => {
      if (!this.#ending.signal.aborted) log.error({ err: error }, 'clients are not told of changes any more');
    });
    const tools = (): void => this.#tell({ kind: 'tools' });
    this.#unsubscribe = [workspaces.subscribe(tools), config.subscribe(tools)];
  }

  /** Returns the unsubscriber. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#ending.abort();
    for (const end of this.#unsubscribe) end();
    this.#listeners.clear();
    await Promise.all([this.#following, this.#memory?.[Symbol.asyncDispose]()]);
  }

  async #follow(): Promise<void> {
    for await (const { changes, drops } of this.#workbench.state.changes({ signal: this.#ending.signal })) {
      for (const { scope, id, state } of changes) this.#changed(resourceUri(stateFile({ scope, id }, state)));
      for (const { scope, id } of drops) {
        const key = scope === 'team' ? keyOfEntity(id) : undefined;
        if (key !== undefined) this.#dropped(resourceUri(fileOf(key)));
      }
    }
  }

  #changed(uri: string | undefined): void {
    if (uri === undefined) return;
    if (!this.#known.has(uri)) {
      this.#known.add(uri);
      this.#tell({ kind: 'resources' });
    }
    this.#tell({ kind: 'resource', uri });
  }

  #dropped(uri: string | undefined): void {
    if (uri !== undefined && this.#known.delete(uri)) this.#tell({ kind: 'resources' });
  }

  #tell(change: McpChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
