import { useCallback, useEffect, useState } from 'react';
import { stringify } from 'yaml';
import { actions } from '../client/actions.ts';
import type { Row } from './area-rows.ts';
import { plainLines } from './plain-text.ts';
import type { Doing } from './use-doing.ts';

export interface Memory {
  readonly rows: readonly Row[];
  readonly search: (query: string) => void;
  readonly read: (key: string) => void;
}

interface Entry {
  readonly key: string;
  readonly excerpt: string;
}

/** The documents of memory, which are listed once somebody looks at them. */
export function useMemory(isShown: boolean, run: Doing['run']): Memory {
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  const [texts, setTexts] = useState<ReadonlyMap<string, readonly string[]>>(new Map());
  useEffect(() => {
    if (!isShown || entries !== null) return;
    void run(actions.listMemory(), '').then((answer) => {
      const { keys = [] } = (answer ?? {}) as { readonly keys?: readonly string[] };
      setEntries(keys.map((key) => ({ key, excerpt: '' })));
    });
  }, [isShown, entries, run]);

  const search = useCallback(
    (query: string): void => {
      if (query.trim() === '') return setEntries(null);
      void run(actions.searchMemory(query), '').then((answer) => {
        if (answer !== undefined) setEntries((answer as { readonly hits: readonly Entry[] }).hits);
      });
    },
    [run],
  );
  const read = useCallback(
    (key: string): void =>
      void run(actions.readMemory(key), '').then((answer) => {
        if (answer === undefined) return;
        const { content } = answer as { readonly content: unknown };
        const text = typeof content === 'string' ? content : stringify(content);
        setTexts((before) => new Map(before).set(key, plainLines(text)));
      }),
    [run],
  );
  const rows = (entries ?? []).map(({ key, excerpt }): Row => ({
    id: key,
    sign: { shape: '○', tone: 'idle', word: 'document' },
    text: excerpt === '' ? key : `${key}  ${excerpt}`,
    note: '',
    detail: texts.get(key) ?? [],
    actions: [],
  }));
  return { rows, search, read };
}
