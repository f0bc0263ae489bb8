import type { StateManager } from 'holdfast';
import type { FileStore } from 'holdfast/files';
import type { Clock } from '../clock.ts';
import type { Method } from '../methods/method.ts';
import { Documents } from './documents.ts';
import { memoryMethods } from './memory-methods.ts';
import { SearchIndex } from './search-index.ts';

/** What a chat leaves to the next one. */
export interface Memory {
  readonly documents: Documents;
  readonly search: SearchIndex;
  readonly methods: readonly Method[];
  close(): void;
}

export function openMemory(workbench: {
  readonly home: string;
  readonly state: StateManager;
  readonly store: FileStore;
  readonly clock: Clock;
}): Memory {
  const documents = new Documents(workbench);
  const search = new SearchIndex(documents);
  return { documents, search, methods: memoryMethods({ documents, search }), close: () => search.close() };
}
