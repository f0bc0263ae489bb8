import type { Place } from 'holdfast/files';
import { WorkbenchError } from '../workbench-error.ts';

/** Folders of memory. */
export const FOLDERS = ['state', 'learned', 'knowledge', 'sessions'] as const;

/** What kinds of documents there are; each is a state of that name with a schema of its own, and `document` whatever else a person keeps. */
export type DocumentKind =
  | 'current_work'
  | 'environments'
  | 'shared_context'
  | 'patterns'
  | 'tool_failures'
  | 'tool_fixes'
  | 'usage_patterns'
  | 'session_log'
  | 'document';

/** The entity of a document is the team of this name and its key. */
const ENTITY = 'memory/';
/** An id has 256 bytes; the rest is `ENTITY` and room. */
const MAX_KEY_BYTES = 240;
const MAX_DEPTH = 8;
/** Letters and digits of any script, blanks and a few signs; neither hidden nor with a dot or a blank at its end. */
const NAME = /^[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_ .+@()&,'-]*[\p{L}\p{M}\p{N}_+@)-])?$/u;
/** Names with a meaning of their own for the store, or that would meet another document's file. */
const TAKEN = /\.conflict-\d+$|\.ya?ml$|\.json$/i;

const BY_KEY: Readonly<Record<string, DocumentKind>> = {
  'state/current_work': 'current_work',
  'state/environments': 'environments',
  'state/shared_context': 'shared_context',
  'learned/patterns': 'patterns',
  'learned/tool_failures': 'tool_failures',
  'learned/tool_fixes': 'tool_fixes',
  'learned/usage_patterns': 'usage_patterns',
};

/**
 * The one form of a key: `learned/tool_fixes` also for `learned/tool_fixes.yaml`; a file that ends with `.yml` keeps that in its key.
 * @throws {WorkbenchError} INVALID_INPUT for what is no place in memory, or leads out of it.
 */
export function documentKey(text: string): string {
  const key = text.normalize('NFC').replace(/\.yaml$/, '');
  const names = key.split('/');
  const isKey =
    Buffer.byteLength(key) <= MAX_KEY_BYTES &&
    key.isWellFormed() &&
    FOLDERS.some((folder) => folder === names[0]) &&
    names.length >= 2 &&
    names.length <= MAX_DEPTH &&
    names.every((name, index) => isName(index === names.length - 1 ? name.replace(/\.yml$/, '') : name));
  if (!isKey) {
    const shown = JSON.stringify(text.slice(0, MAX_KEY_BYTES));
    throw new WorkbenchError(
      'INVALID_INPUT',
      `${shown} is no key of memory. Give one below ${FOLDERS.join(', ')}, as in "state/current_work" or "knowledge/devops/clusters".`,
    );
  }
  return key;
}

/** The key of a file below `memory/`; undefined when it can be none. */
export function keyOfFile(path: string): string | undefined {
  if (!/\.ya?ml$/.test(path)) return undefined;
  try {
    const key = documentKey(path);
    // A name in another Unicode form, as some disks give it, would be another file.
    return fileOf(key) === `memory/${path}` ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Below the home. */
export function fileOf(key: string): string {
  return `memory/${key}${key.endsWith('.yml') ? '' : '.yaml'}`;
}

export function kindOf(key: string): DocumentKind {
  if (/^state\/projects\/[^/]+\/current_work$/.test(key)) return 'current_work';
  if (/^sessions\/\d{4}-\d\d-\d\d$/.test(key)) return 'session_log';
  return Object.hasOwn(BY_KEY, key) ? (BY_KEY[key] as DocumentKind) : 'document';
}

export function entityOf(key: string): string {
  return ENTITY + key;
}

/** Undefined for a team that is no document. */
export function keyOfEntity(id: string): string | undefined {
  if (!id.startsWith(ENTITY)) return undefined;
  const path = `${id.slice(ENTITY.length)}.yaml`;
  return path.endsWith('.yml.yaml') ? keyOfFile(path.slice(0, -'.yaml'.length)) : keyOfFile(path);
}

/** What all documents' entities begin with. */
export const ENTITY_PREFIX: string = ENTITY;

/** Where documents have their files. */
export const documentFile: Place = ({ scope, id }, state) => {
  const key = scope === 'team' ? keyOfEntity(id) : undefined;
  return key !== undefined && kindOf(key) === state ? fileOf(key) : undefined;
};

function isName(name: string): boolean {
  return NAME.test(name) && !TAKEN.test(name);
}
