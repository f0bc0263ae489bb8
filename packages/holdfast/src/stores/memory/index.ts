export { memory } from './memory-store.ts';
export type { MemoryOptions } from './memory-store.ts';
