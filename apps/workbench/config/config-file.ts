import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Environment } from './expand-values.ts';
import { unreadable } from './parse-config-text.ts';
import type { ConfigProblem } from './config-problem.ts';

const MAX_BYTES = 1_048_576;

export type ConfigText = { readonly text: string; readonly problem?: never } | { readonly text?: never; readonly problem: ConfigProblem };

/** Where the configuration is: a path that ends with `.json` is the file, any other the folder of `config.json`. */
export function configPath(project: string | undefined, environment: Environment): string {
  const named = resolve(project ?? environment['AA_WORKFLOW_CONFIG'] ?? '.');
  return named.endsWith('.json') && !isFolder(named) ? named : join(named, 'config.json');
}

/** What is in the file now. */
export function readConfigText(path: string): ConfigText {
  let fd: number;
  try {
    // A pipe would keep whoever opens it waiting.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    if (code !== 'ENOENT' && code !== 'ENOTDIR') return unreadable(`cannot be read (${code})`);
    return { problem: { kind: 'absent', path: '', message: 'config.json is not there.' } };
  }
  try {
    const found = fstatSync(fd);
    if (!found.isFile()) return unreadable('is no regular file');
    if (found.size > MAX_BYTES) return unreadable(`is ${found.size} bytes long; it may have ${MAX_BYTES}`);
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(fd)) };
  } catch {
    return unreadable('is not UTF-8');
  } finally {
    closeSync(fd);
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
