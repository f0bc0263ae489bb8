import { readdirSync, type Dirent } from 'node:fs';
import { posix } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { SCOPES } from '../../scope/index.ts';
import { codeOf } from './state-file.ts';

/** Names of files that are being written: `.tab.json.<owner>.holdfast-tmp`. */
export const TEMPORARY = '.holdfast-tmp';

/** How many directories are read before the event loop goes on. */
const SLICE = 50;

export interface WalkedDirectory {
  /** Below the root; '' is the root itself. */
  readonly path: string;
  /** Names of what is in it and no directory. */
  readonly files: readonly string[];
}

/**
 * Every directory where files of states may be: those of the scopes with all below them, and those of `others`, paths of files elsewhere. Links are not
 * followed.
 */
export async function* walkFiles(root: string, others: Iterable<string>): AsyncGenerator<WalkedDirectory, void, undefined> {
  const left: { readonly path: string; readonly isDeep: boolean }[] = SCOPES.map((path) => ({ path, isDeep: true }));
  const elsewhere = new Set<string>();
  for (const path of others) if (!isInScope(path)) elsewhere.add(posix.dirname(path));
  for (const path of elsewhere) left.push({ path, isDeep: false });
  let read = 0;
  for (let next = left.pop(); next; next = left.pop()) {
    const { path, isDeep } = next;
    const files: string[] = [];
    const entries = entriesOf(posix.join(root, path));
    if (!entries) continue;
    for (const entry of entries) {
      if (!entry.isDirectory()) files.push(entry.name);
      else if (isDeep) left.push({ path: `${path}/${entry.name}`, isDeep });
    }
    yield { path, files };
    read += 1;
    if (read % SLICE === 0) await turn();
  }
}

function isInScope(path: string): boolean {
  const [first] = path.split('/', 1);
  return SCOPES.some((scope) => scope === first);
}

/** Undefined where there is no such directory, or none that may be read. */
function entriesOf(path: string): readonly Dirent[] | undefined {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return undefined;
    throw error;
  }
}
