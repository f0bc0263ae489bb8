import { isDeepStrictEqual } from 'node:util';
import { ordered } from './journal.ts';
import type { JournalRecord } from './journal-state.ts';

/** What became different from one moment to another, by key. */
export interface RecordDifference {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export interface JournalDifference {
  readonly stage: { readonly from: string | null; readonly to: string | null; readonly isSame: boolean };
  readonly status: { readonly from: string; readonly to: string; readonly isSame: boolean };
  readonly messages: RecordDifference & { readonly newest: readonly { readonly from: string; readonly text: string }[] };
  readonly tools: RecordDifference & { readonly called: Readonly<Record<string, number>> };
  readonly files: RecordDifference;
  readonly nodes: RecordDifference;
  readonly context: RecordDifference;
}

const MAX_SHOWN = 20;
const MAX_CHARACTERS = 500;

/** Compares two moments of a journal, which may be of two branches. Of what was said in between, the newest 20 messages are shown. */
export function compareJournals(from: JournalRecord, to: JournalRecord): JournalDifference {
  const messages = difference(from.messages, to.messages);
  const tools = difference(from.tools, to.tools);
  const newMessages = ordered(to.messages).filter(({ id }) => messages.added.includes(id));
  const called = Object.groupBy(
    ordered(to.tools).filter(({ id }) => tools.added.includes(id)),
    ({ tool }) => tool,
  );
  return {
    stage: { from: from.stage, to: to.stage, isSame: from.stage === to.stage },
    status: { from: from.status, to: to.status, isSame: from.status === to.status },
    messages: {
      ...messages,
      newest: newMessages.slice(-MAX_SHOWN).map((each) => ({ from: each.from, text: each.text.slice(0, MAX_CHARACTERS) })),
    },
    tools: { ...tools, called: Object.fromEntries(Object.entries(called).map(([tool, calls]) => [tool, calls?.length ?? 0])) },
    files: difference(from.files, to.files),
    nodes: difference(from.nodes, to.nodes),
    context: difference(from.context, to.context),
  };
}

function difference(from: Readonly<Record<string, unknown>>, to: Readonly<Record<string, unknown>>): RecordDifference {
  const before = new Set(Object.keys(from));
  const after = Object.keys(to);
  return {
    added: after.filter((key) => !before.has(key)),
    removed: [...before].filter((key) => !Object.hasOwn(to, key)),
    changed: after.filter((key) => before.has(key) && !isDeepStrictEqual(from[key], to[key])),
  };
}
