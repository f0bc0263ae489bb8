import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Resource, TextResourceContents } from '@modelcontextprotocol/server';
import { documentKey, fileOf } from '../memory/document-key.ts';
import type { Workbench } from '../open-workbench.ts';
import { STATE_FILES, stateOfFile } from '../state-files.ts';
import { WorkbenchError } from '../workbench-error.ts';

const BASE = 'workbench://home/';

/** Files of states and of memory, for clients to read. Their paths below the home are their addresses. */
export class Resources {
  readonly #workbench: Workbench;

  constructor(workbench: Workbench) {
    this.#workbench = workbench;
  }

  /** Those that are there, ordered by address. */
  async list(): Promise<readonly Resource[]> {
    // What was committed a moment ago has its file then.
    await this.#workbench.store.flush?.();
    const { home, memory } = this.#workbench;
    const names = await namesIn(home);
    const quarters = (await namesIn(join(home, 'performance')))
      .map((name) => `performance/${name}`)
      .filter((path) => stateOfFile(path) !== undefined);
    const states = STATE_FILES.filter((path) => names.includes(path));
    const documents = (await memory.documents.keys()).map(fileOf);
    return [...states, ...quarters, ...documents].toSorted().map((path) => ({
      uri: uriOf(path),
      name: path,
      mimeType: mimeTypeOf(path),
      description: path.startsWith('memory/') ? 'A document of memory.' : 'A state of the Workbench.',
    }));
  }

  /** The newest text of a file, with the comments that a person made in it. @throws {WorkbenchError} NOT_FOUND for what is no resource. */
  async read(uri: string): Promise<TextResourceContents> {
    const path = pathOf(uri);
    const { home, memory, store } = this.#workbench;
    if (path?.startsWith('memory/')) await memory.documents.find(path.slice('memory/'.length)).catch(() => undefined);
    await store.flush?.();
    try {
      if (path !== undefined) return { uri, mimeType: mimeTypeOf(path), text: await readFile(join(home, path), 'utf8') };
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    throw new WorkbenchError(
      'NOT_FOUND',
      `There is no resource ${JSON.stringify(uri.slice(0, 300))}. resources/list has those that there are.`,
    );
  }
}

/** The address of a file; undefined for a path that is no resource. */
export function resourceUri(path: string | undefined): string | undefined {
  return path !== undefined && isResource(path) ? uriOf(path) : undefined;
}

function uriOf(path: string): string {
  return BASE + path.split('/').map(encodeURIComponent).join('/');
}

/** Undefined for an address of something else. */
function pathOf(uri: string): string | undefined {
  if (!uri.startsWith(BASE)) return undefined;
  try {
    const path = decodeURIComponent(uri.slice(BASE.length));
    return isResource(path) && uriOf(path) === uri ? path : undefined;
  } catch {
    return undefined;
  }
}

function isResource(path: string): boolean {
  if (stateOfFile(path) !== undefined) return true;
  try {
    return path.startsWith('memory/') && fileOf(documentKey(path.slice('memory/'.length))) === path;
  } catch {
    return false;
  }
}

function mimeTypeOf(path: string): string {
  return path.endsWith('.json') ? 'application/json' : 'application/yaml';
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return await readdir(folder).catch(() => []);
}
