import { z } from 'zod';
import { defineMethod, type Method } from '../methods/method.ts';
import { WorkbenchError } from '../workbench-error.ts';
import { appendToDocument, removeFromDocument, updateDocument } from './change-document.ts';
import { cleanUpMemory } from './clean-up.ts';
import type { Documents } from './documents.ts';
import { findKnownIssues } from './known-issues.ts';
import { learnToolFix, recordFailure } from './learning.ts';
import { queryDocument } from './query-document.ts';
import type { SearchIndex } from './search-index.ts';
import { logAction } from './session-log.ts';
import { measureMemory } from './statistics.ts';

const key = z
  .string()
  .min(1)
  .max(300)
  .describe('Which document: its path below memory/ without ".yaml", such as "state/current_work" or "knowledge/devops/clusters".');
const path = z
  .string()
  .min(1)
  .max(1_000)
  .describe(
    'Where in the document: keys with dots between them, such as "environments.prod.status"; a place in a list is its number from 0.',
  );
const text = (most: number): z.ZodString => z.string().min(1).max(most);

const document = z.object({ key: z.string(), file: z.string(), version: z.int(), content: z.json(), problem: z.string().optional() });
const written = z.object({ key: z.string(), version: z.int() });

/** All that clients can do with memory. */
export function memoryMethods({ documents, search }: { readonly documents: Documents; readonly search: SearchIndex }): readonly Method[] {
  return [...reading(documents, search), ...changing(documents), ...learning(documents), ...housekeeping(documents)];
}

function reading(documents: Documents, search: SearchIndex): readonly Method[] {
  const hints = { readOnly: true, idempotent: true };
  return [
    defineMethod({
      name: 'memory_list',
      title: 'List documents',
      description: 'Lists the keys of all documents of memory, or of one folder.',
      input: { folder: z.string().max(300).optional().describe('Such as "knowledge/devops".') },
      output: z.object({ keys: z.array(z.string()) }),
      hints,
      run: async ({ folder = '' }) => ({
        keys: (await documents.keys()).filter((name) => `${name}/`.startsWith(folder && `${folder.replace(/\/$/, '')}/`)),
      }),
    }),
    defineMethod({
      name: 'memory_read',
      title: 'Read a document',
      description:
        'Reads a document of memory: current work, environments, what one chat shares with others, what was learned, knowledge, session logs. "problem" says why edits by hand are not in it.',
      input: { key },
      output: document,
      hints,
      run: ({ key: name }) => documents.read(name),
    }),
    defineMethod({
      name: 'memory_query',
      title: 'Query a document',
      description:
        'Selects parts of a document by JSONPath (RFC 9535), such as $.active_issues[?@.status == "In Progress"].key. At most 500 matches.',
      input: { key, query: text(1_000).describe('A JSONPath expression.') },
      output: z.object({ matches: z.array(z.object({ path: z.string(), value: z.json() })), truncated: z.boolean() }),
      hints,
      run: async ({ key: name, query }) => queryDocument((await documents.read(name)).content, query),
    }),
    defineMethod({
      name: 'memory_search',
      title: 'Search memory',
      description:
        'Finds documents in which all the words are, or words that begin so; "in quotes" they stand side by side. Gives excerpts.',
      input: { query: text(1_000), limit: z.int().min(1).max(100).default(20) },
      output: z.object({ hits: z.array(z.object({ key: z.string(), file: z.string(), excerpt: z.string() })) }),
      hints,
      run: async ({ query, limit }) => ({ hits: await search.search(query, limit) }),
    }),
    defineMethod({
      name: 'memory_stats',
      title: 'Size of memory',
      description:
        'Sizes of memory as YAML: in all, by folder, the largest documents; warns of files over 50 KB, over 1 MB in all, and of files that cannot be read.',
      input: {},
      output: z.object({
        documents: z.int(),
        bytes: z.int(),
        folders: z.record(z.string(), z.object({ documents: z.int(), bytes: z.int() })),
        largest: z.array(z.object({ key: z.string(), bytes: z.int() })),
        unreadable: z.array(z.string()),
        warnings: z.array(z.string()),
      }),
      hints,
      run: () => measureMemory(documents),
    }),
  ];
}

function changing(documents: Documents): readonly Method[] {
  return [
    defineMethod({
      name: 'memory_write',
      title: 'Write a document',
      description:
        'Replaces a whole document, or makes it. One that does not fit is refused with every place, and nothing is written. To change a part use memory_update or memory_append.',
      input: { key, content: z.union([z.record(z.string(), z.json()), z.array(z.json())]).describe('The whole document.') },
      output: written,
      hints: { readOnly: false, destructive: true, idempotent: true },
      run: async ({ key: name, content }) => ({ key: name, version: await documents.write(name, 'memory_write', content) }),
    }),
    defineMethod({
      name: 'memory_update',
      title: 'Set a value',
      description: 'Sets what is at a path of a document; objects that are missing on the way are made.',
      input: { key, path, value: z.json() },
      output: written,
      hints: { readOnly: false, destructive: true, idempotent: true },
      run: async (input) => ({ key: input.key, version: await updateDocument(documents, input.key, input.path, input.value) }),
    }),
    defineMethod({
      name: 'memory_append',
      title: 'Add to a list',
      description:
        'Adds an item to a list of a document. With match_key it replaces the item that has the same value under that key, such as "key" for active_issues or "id" for active_mrs.',
      input: { key, path, item: z.json(), match_key: text(100).optional() },
      output: written.extend({ replaced: z.boolean() }),
      hints: { readOnly: false },
      run: async (input) => {
        const { item, match_key: matchKey } = input;
        return {
          key: input.key,
          ...(await appendToDocument(documents, { key: input.key, path: input.path, item, ...(matchKey !== undefined && { matchKey }) })),
        };
      },
    }),
    defineMethod({
      name: 'memory_remove',
      title: 'Remove from a document',
      description:
        'Removes what is at a path, or with match those items of the list there that have these values, such as {"key": "AAP-123"}.',
      input: { key, path, match: z.record(z.string(), z.string()).optional().describe('Values as texts; a number is its digits.') },
      output: z.object({ key: z.string(), removed: z.int() }),
      hints: { readOnly: false, destructive: true },
      run: async (input) => ({ key: input.key, removed: await removeFromDocument(documents, input.key, input.path, input.match) }),
    }),
    defineMethod({
      name: 'memory_session_log',
      title: 'Log an action',
      description: 'Notes in the log of today what was done, for whoever carries on.',
      input: { action: text(500), details: z.string().max(5_000).optional(), session_id: text(200).optional() },
      output: z.object({ key: z.string() }),
      hints: { readOnly: false },
      run: async ({ action, details, session_id: sessionId }) => ({
        key: await logAction(documents, {
          action,
          ...(details !== undefined && { details }),
          ...(sessionId !== undefined && { sessionId }),
        }),
      }),
    }),
    defineMethod({
      name: 'memory_accept',
      title: 'Give up a damaged file',
      description:
        'Renders the last good version of a document over a file that cannot be taken. What is in the file is lost; repair it instead where it is of worth.',
      input: { key },
      output: document,
      hints: { readOnly: false, destructive: true, idempotent: true },
      run: ({ key: name }) => documents.accept(name),
    }),
  ];
}

function learning(documents: Documents): readonly Method[] {
  return [
    defineMethod({
      name: 'check_known_issues',
      title: 'Known issues',
      description:
        'Looks up what was learned about an error or a tool before: call it when a tool fails, before trying again. Give the error, the tool, or both.',
      input: { tool_name: text(200).optional(), error_text: text(20_000).optional() },
      output: z.object({
        issues: z.array(
          z.object({
            source: z.string(),
            tool: z.string().optional(),
            pattern: z.string(),
            meaning: z.string().optional(),
            fix: z.string().optional(),
            commands: z.array(z.string()).optional(),
          }),
        ),
      }),
      hints: { readOnly: true, idempotent: true },
      run: async ({ tool_name: tool, error_text: error }) => {
        if (tool === undefined && error === undefined) throw new WorkbenchError('INVALID_INPUT', 'Give tool_name, error_text, or both.');
        return { issues: await findKnownIssues(documents, { ...(tool !== undefined && { tool }), ...(error !== undefined && { error }) }) };
      },
    }),
    defineMethod({
      name: 'learn_tool_fix',
      title: 'Learn a fix',
      description:
        'Remembers what fixed an error of a tool, for check_known_issues. What is known under the same tool and pattern is replaced.',
      input: {
        tool_name: text(200),
        error_pattern: text(1_000).describe('The part of the error that will be the same next time.'),
        root_cause: text(5_000),
        fix_description: text(5_000),
      },
      output: z.object({ replaced: z.boolean() }),
      hints: { readOnly: false, idempotent: true },
      run: ({ tool_name: tool, error_pattern: pattern, root_cause: rootCause, fix_description: fix }) =>
        learnToolFix(documents, { tool, pattern, rootCause, fix }),
    }),
    defineMethod({
      name: 'memory_record_failure',
      title: 'Record a failure',
      description: 'Notes that a tool failed, and what healed it if something did; counted in the same commit.',
      input: {
        tool: text(200),
        error: text(20_000),
        healed: z.boolean().default(false),
        fix_type: text(100).optional().describe('What healed it: "vpn", "auth", or another word.'),
      },
      output: z.object({ recorded: z.literal(true) }),
      hints: { readOnly: false },
      run: async ({ tool, error, healed, fix_type: fixType }) => {
        await recordFailure(documents, { tool, error, healed, ...(fixType !== undefined && { fixType }) });
        return { recorded: true };
      },
    }),
  ];
}

function housekeeping(documents: Documents): readonly Method[] {
  return [
    defineMethod({
      name: 'memory_cleanup',
      title: 'Clean up memory',
      description:
        'Removes issues that are done, requests that were merged or closed, an investigation that is over, and old session logs. Without dry_run: false it only says what it would remove.',
      input: { dry_run: z.boolean().default(true), log_days: z.int().min(1).max(3_650).default(7) },
      output: z.object({ dryRun: z.boolean(), removed: z.array(z.string()), skipped: z.array(z.string()) }),
      hints: { readOnly: false, destructive: true, idempotent: true },
      run: ({ dry_run: dryRun, log_days: logDays }) => cleanUpMemory(documents, { dryRun, logDays }),
    }),
  ];
}
