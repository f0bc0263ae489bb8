import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MethodTable } from '../../methods/method-table.ts';
import type { Workbench, WorkbenchOptions } from '../../open-workbench.ts';
import { emptyFolder, openHome } from './open-home.ts';

/** Memory as its callers have it, and the files of it as a person has them. */
export interface MemoryFolder {
  readonly home: string;
  readonly workbench: Workbench;
  /** Calls a method by its name. */
  readonly call: (name: string, input?: object) => Promise<unknown>;
  /** The value of a document. */
  readonly content: (key: string) => Promise<unknown>;
  readonly file: (path: string) => string;
  readonly hasFile: (path: string) => boolean;
  readonly writeFile: (path: string, text: string) => void;
}

/** `files` are there before memory is opened. */
export async function openMemoryFolder(
  files: Readonly<Record<string, string>> = {},
  options: Partial<WorkbenchOptions> = {},
): Promise<MemoryFolder> {
  const home = options.home ?? join(emptyFolder(), 'home');
  for (const [path, text] of Object.entries(files)) put(home, path, text);
  const workbench = await openHome({ home, renderAfterMs: 1, ...options });
  const table = new MethodTable(workbench.memory.methods);
  return {
    home,
    workbench,
    call: (name, input = {}) => table.call(name, input),
    content: async (key) => (await workbench.memory.documents.read(key)).content,
    file: (path) => readFileSync(join(home, 'memory', path), 'utf8'),
    hasFile: (path) => existsSync(join(home, 'memory', path)),
    writeFile: (path, text) => put(home, path, text),
  };
}

function put(home: string, path: string, text: string): void {
  const file = join(home, 'memory', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
