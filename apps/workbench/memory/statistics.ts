import { textOf } from './document-text.ts';
import type { Documents } from './documents.ts';

export interface Statistics {
  readonly documents: number;
  readonly bytes: number;
  readonly folders: Readonly<Record<string, { readonly documents: number; readonly bytes: number }>>;
  readonly largest: readonly { readonly key: string; readonly bytes: number }[];
  /** Keys of documents whose files say nothing that makes sense, and never did. */
  readonly unreadable: readonly string[];
  readonly warnings: readonly string[];
}

const WARN_FILE_BYTES = 50 * 1_024;
const WARN_ALL_BYTES = 1_024 * 1_024;
const LARGEST = 5;

/** How large memory is, as YAML, and what a person should look at. */
export async function measureMemory(documents: Documents): Promise<Statistics> {
  const { documents: all, unreadable } = await documents.all();
  const sizes = all.map(({ key, content }) => ({ key, bytes: Buffer.byteLength(textOf(content)) }));
  const bytes = sum(sizes);
  const byFolder = Object.groupBy(sizes, ({ key }) => key.slice(0, key.indexOf('/')));
  const warnings = [
    ...sizes
      .filter((size) => size.bytes > WARN_FILE_BYTES)
      .map((size) => `${size.key} has ${size.bytes} bytes, more than ${WARN_FILE_BYTES}: split it, or shorten its lists.`),
    ...(bytes > WARN_ALL_BYTES ? [`Memory has ${bytes} bytes, more than ${WARN_ALL_BYTES}: run memory_cleanup.`] : []),
    ...all.flatMap(({ problem }) => problem ?? []),
    ...unreadable.map(({ message }) => message),
  ];
  return {
    documents: all.length,
    bytes,
    folders: Object.fromEntries(
      Object.entries(byFolder).map(([folder, list = []]) => [folder, { documents: list.length, bytes: sum(list) }] as const),
    ),
    largest: sizes.toSorted((a, b) => b.bytes - a.bytes).slice(0, LARGEST),
    unreadable: unreadable.map(({ key }) => key),
    warnings,
  };
}

function sum(sizes: readonly { readonly bytes: number }[]): number {
  return sizes.reduce((total, { bytes }) => total + bytes, 0);
}
