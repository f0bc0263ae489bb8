import { mkdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { watch } from 'chokidar';
import type { StateManager } from 'holdfast';
import type { Logger } from 'pino';
import { keyOfEntity, keyOfFile } from './document-key.ts';
import type { Documents } from './documents.ts';

/** Documents are not deeper. */
const DEPTH = 8;

export interface MemoryWatchOptions {
  readonly documents: Documents;
  readonly state: StateManager;
  readonly log: Logger;
  /** Called after a document was made, changed or deleted, by whomever. */
  readonly onChange: (key: string) => void;
}

/** Notices every change of a document: commits of all processes, and files that people add or edit, which are read so that they become commits. */
export async function watchMemory({ documents, state, log, onChange }: MemoryWatchOptions): Promise<AsyncDisposable> {
  const root = join(documents.home, 'memory');
  mkdirSync(root, { recursive: true, mode: 0o700 });
  const ending = new AbortController();
  const following = follow(state, ending.signal, onChange).catch((error: unknown) => {
    if (!ending.signal.aborted) log.error({ err: error }, 'changes of memory are not followed any more');
  });
  const watcher = watch(root, { ignoreInitial: true, followSymlinks: false, depth: DEPTH, persistent: false });
  watcher.on('all', (_event, path) => {
    const key = keyOfFile(relative(root, path).split(sep).join('/'));
    if (key === undefined) return;
    documents.invalidate(key);
    // Reading it is what makes a commit of it. What is wrong with it is reported by the store.
    void documents.find(key).catch(() => undefined);
  });
  watcher.on('error', (error) => log.warn({ err: error }, 'the folder of memory is not watched'));
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return {
    async [Symbol.asyncDispose]() {
      ending.abort();
      await Promise.all([watcher.close(), following]);
    },
  };
}

async function follow(state: StateManager, signal: AbortSignal, onChange: (key: string) => void): Promise<void> {
  for await (const { changes, drops } of state.changes({ scope: 'team', signal })) {
    const keys = [...changes, ...drops].map(({ id }) => keyOfEntity(id)).filter((key) => key !== undefined);
    for (const key of new Set(keys)) onChange(key);
  }
}
