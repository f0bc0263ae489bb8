import { isRecord } from '../json-value.ts';

type Fields = Record<string, unknown>;

/** The objects of a list under a name of a document; none where there is no list. */
export function recordsIn(content: unknown, name: string): Fields[] {
  const list = isRecord(content) && Object.hasOwn(content, name) ? content[name] : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

/** The list itself in a draft, made if need be. */
export function listIn(draft: unknown, name: string): unknown[] {
  const document = draft as Fields;
  document[name] ??= [];
  return document[name] as unknown[];
}
