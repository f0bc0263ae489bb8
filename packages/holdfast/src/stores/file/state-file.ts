import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { hashOf } from './durable-file.ts';
import { UnreadableText } from './unreadable-text.ts';

/** As of a state: 16 MB. */
const MAX_BYTES = 16_777_216;

/** What is at a path: nothing, a text, or something that is never read. */
export type Found =
  | { readonly kind: 'absent' }
  | { readonly kind: 'text'; readonly text: string; readonly hash: string; readonly changedAt: number }
  /** Its hash is of what little is known of it, so that it is reported once. */
  | { readonly kind: 'refused'; readonly problem: UnreadableText; readonly hash: string; readonly changedAt: number };

/**
 * Where a path of the directory leads, symbolic links followed; undefined when that is outside of it. `root` is a real path.
 */
export function pathInside(root: string, path: string): string | undefined {
  const wanted = join(root, path);
  const real = realOf(wanted);
  return real === wanted || real.startsWith(root.endsWith(sep) ? root : root + sep) ? real : undefined;
}

/** Reads a file of the directory, if it is one that a state may be in. */
export function readStateFile(root: string, path: string): Found {
  try {
    const real = pathInside(root, path);
    if (real === undefined) return refused('is a symbolic link that leads out of the directory', 0);
    // A pipe would keep whoever opens it waiting.
    const fd = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const { size, ctimeMs } = fstatSync(fd);
      if (!fstatSync(fd).isFile()) return refused('is no regular file', ctimeMs);
      if (size > MAX_BYTES) return refused(`is ${size} bytes long; a state may have ${MAX_BYTES}`, ctimeMs);
      const bytes = readFileSync(fd);
      return textOf(bytes, ctimeMs);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
    if (code === 'EISDIR' || code === 'EACCES' || code === 'ELOOP') return refused(`cannot be read (${code})`, 0);
    throw error;
  }
}

function textOf(bytes: Uint8Array, changedAt: number): Found {
  const hash = hashOf(bytes);
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), hash, changedAt };
  } catch {
    return { kind: 'refused', problem: new UnreadableText('is not UTF-8'), hash, changedAt };
  }
}

function refused(message: string, changedAt: number): Found {
  return { kind: 'refused', problem: new UnreadableText(message), hash: `refused: ${message}`, changedAt };
}

/** As `realpath`, for a path whose last parts may not exist yet. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    // What would be written through a link to nothing lies elsewhere.
    if (isLink(path)) return sep;
    return join(realOf(dirname(path)), basename(path));
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
