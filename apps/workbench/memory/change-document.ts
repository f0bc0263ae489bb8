import { WorkbenchError } from '../workbench-error.ts';
import { documentKey, kindOf } from './document-key.ts';
import type { Documents } from './documents.ts';
import { parsePath, removeAt, setAt, valueAt } from './dotted-path.ts';

/** Where an item is found in a list: all of these keys have these values. */
export type Match = Readonly<Record<string, string>>;

/** Sets what is at a path of a document. @throws {WorkbenchError} INVALID_INPUT, REFUSED. */
export async function updateDocument(documents: Documents, key: string, path: string, value: unknown): Promise<number> {
  const steps = parsePath(path);
  await assertMeant(documents, key);
  return (await documents.change(key, 'memory_update', (draft) => setAt(draft, steps, structuredClone(value)))).version;
}

/**
 * Adds an item to a list, which is made if need be. Where `matchKey` is given, the item takes the place of the one that has the same value there.
 * @throws {WorkbenchError} INVALID_INPUT, REFUSED.
 */
export async function appendToDocument(
  documents: Documents,
  { key, path, item, matchKey }: { readonly key: string; readonly path: string; readonly item: unknown; readonly matchKey?: string },
): Promise<{ readonly version: number; readonly replaced: boolean }> {
  const steps = parsePath(path);
  const mark = matchKey === undefined ? undefined : fieldOf(item, matchKey);
  if (matchKey !== undefined && mark === undefined)
    throw new WorkbenchError(
      'INVALID_INPUT',
      `The item has no ${matchKey}, so nothing can be matched by it. Give it one, or leave match_key out.`,
    );
  await assertMeant(documents, key);
  const { value, version } = await documents.change(key, 'memory_append', (draft) => {
    if ((valueAt(draft, steps) ?? undefined) === undefined) setAt(draft, steps, []);
    const list = valueAt(draft, steps);
    if (!Array.isArray(list)) throw new WorkbenchError('REFUSED', `What is at ${path} of ${key} is no list. memory_update sets it.`);
    const at = mark === undefined ? -1 : list.findIndex((other) => fieldOf(other, matchKey as string) === mark);
    if (at >= 0) list[at] = structuredClone(item);
    else list.push(structuredClone(item));
    return at >= 0;
  });
  return { version, replaced: value };
}

/** Takes away what is at a path, or those items of the list there that match. Gives how many went. @throws {WorkbenchError} INVALID_INPUT, NOT_FOUND, REFUSED. */
export async function removeFromDocument(documents: Documents, key: string, path: string, match?: Match): Promise<number> {
  const steps = parsePath(path);
  await documents.read(key);
  const { value } = await documents.change(key, 'memory_remove', (draft) => {
    if (!match) return removeAt(draft, steps) ? 1 : 0;
    const list = valueAt(draft, steps);
    if (!Array.isArray(list)) throw new WorkbenchError('REFUSED', `What is at ${path} of ${key} is no list, so nothing in it can match.`);
    const places = list.map((item, index) => (isMatch(item, match) ? index : -1)).filter((index) => index >= 0);
    for (const index of places.toReversed()) list.splice(index, 1);
    return places.length;
  });
  if (value === 0) throw new WorkbenchError('NOT_FOUND', `Nothing of ${key} at ${path} was there to remove. memory_read shows what is.`);
  return value;
}

/** Documents that the Workbench knows begin by themselves; another one that is not there is a slip of the pen. */
async function assertMeant(documents: Documents, key: string): Promise<void> {
  if (kindOf(documentKey(key)) === 'document') await documents.read(key);
}

function isMatch(item: unknown, match: Match): boolean {
  return Object.entries(match).every(([name, value]) => fieldOf(item, name) === value);
}

/** Ids are written as numbers and as texts. */
function fieldOf(item: unknown, name: string): string | undefined {
  const value =
    typeof item === 'object' && item !== null && Object.hasOwn(item, name) ? (item as Record<string, unknown>)[name] : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
