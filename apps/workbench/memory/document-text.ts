import { stringify } from 'yaml';
import type { Content } from './document-kinds.ts';

/** Contents are frozen and shared: the same object says the same. */
const texts = new WeakMap<Content, string>();

/** A document as YAML, without the comments that its file has. */
export function textOf(content: Content): string {
  const known = texts.get(content);
  if (known !== undefined) return known;
  const text = stringify(content, { lineWidth: 0, aliasDuplicateObjects: false });
  texts.set(content, text);
  return text;
}
