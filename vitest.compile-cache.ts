import { join } from 'node:path';

/**
 * The tests start some thousand processes, each of which would strip the types of the sources and compile them for itself: three
 * quarters of what a short one does. They share what the first of them has compiled, kept by what is in the files.
 */
export function shareCompiledCode(): void {
  process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/compiled');
}
