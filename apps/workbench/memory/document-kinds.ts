import { defineState, type StateDefinition } from 'holdfast';
import { z } from 'zod';
import { currentWorkSchema, olderCurrentWork } from './current-work.ts';
import type { DocumentKind } from './document-key.ts';

/** A document: YAML at its top an object or a list. */
export type Content = Record<string, unknown> | unknown[];

/** People write dates, and older programs left out the zone; what is written here is ISO 8601 with zone. */
const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: ?(?:Z|[+-]\d\d:?\d\d))?)?$/, 'a time in ISO 8601 belongs here')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'there is no such time');
const text = z.string().nullish();
/** An empty list is often written as nothing. */
const listOf = <T extends z.ZodType>(item: T): z.ZodOptional<z.ZodNullable<z.ZodArray<T>>> => z.array(item).nullish();

const count = z.int().nonnegative();

const environments = z.looseObject({
  environments: z
    .record(z.string(), z.looseObject({ status: text, last_checked: time.nullish(), issues: listOf(z.unknown()) }).nullable())
    .nullish(),
  namespaces: z.union([z.array(z.unknown()), z.record(z.string(), z.unknown())]).nullish(),
});

const sharedContext = z.looseObject({
  investigation: z.looseObject({ started_at: time, expires_at: time.nullish() }).nullish(),
});

const pattern = z.looseObject({
  pattern: z.string().min(1),
  meaning: text,
  fix: text,
  commands: listOf(z.string()),
  usage_stats: z.looseObject({}).nullish(),
});
/** Patterns are in one list, or in several that say what they are about: every list here whose name ends with `patterns`. */
const patterns = z.looseObject({}).superRefine((document, context) => {
  for (const [name, list] of Object.entries(document)) {
    if (!name.endsWith('patterns')) continue;
    const { error } = listOf(pattern).safeParse(list);
    for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path: [name, ...path], message });
  }
});

const failureSchema = z.looseObject({
  tool: z.string().min(1),
  error: z.string(),
  healed: z.boolean().nullish(),
  fix_type: text,
  timestamp: time,
});
const toolFailures = z.looseObject({
  auto_heal_stats: z
    .looseObject({
      total_heals: count.nullish(),
      vpn_heals: count.nullish(),
      auth_heals: count.nullish(),
      last_heal: time.nullish(),
    })
    .nullish(),
  recent_failures: listOf(failureSchema),
});

const toolFixes = z.looseObject({
  tool_fixes: listOf(
    z.looseObject({
      tool_name: z.string().min(1),
      error_pattern: z.string().min(1),
      root_cause: text,
      fix_applied: text,
      date_learned: time.nullish(),
      times_prevented: count.nullish(),
    }),
  ),
});

const usagePatterns = z.looseObject({
  usage_patterns: listOf(z.looseObject({ error: z.string().min(1), tool: z.string().min(1), fix: text, count, last_seen: time.nullish() })),
});

const sessionLog = z.looseObject({
  date: z.string().nullish(),
  entries: listOf(z.looseObject({ time: z.string(), action: z.string(), details: text, session_id: text })),
});

const anything = z.custom<Content>((value) => typeof value === 'object' && value !== null, 'an object or a list belongs here');

const KINDS = {
  current_work: define('current_work', currentWorkSchema, { version: 2, migrations: { 2: olderCurrentWork } }),
  environments: define('environments', environments),
  shared_context: define('shared_context', sharedContext),
  patterns: define('patterns', patterns),
  tool_failures: define('tool_failures', toolFailures),
  tool_fixes: define('tool_fixes', toolFixes),
  usage_patterns: define('usage_patterns', usagePatterns),
  session_log: define('session_log', sessionLog),
  document: define('document', anything),
} satisfies Record<DocumentKind, StateDefinition<Content, 'team'>>;

/** The definition of a kind of document. */
export function definitionOf(kind: DocumentKind): StateDefinition<Content, 'team'> {
  return KINDS[kind];
}

function define(
  name: DocumentKind,
  schema: z.ZodType,
  shape: { readonly version?: number; readonly migrations?: Readonly<Record<number, (old: unknown) => unknown>> } = {},
): StateDefinition<Content, 'team'> {
  return defineState({ name, scope: 'team', schema: schema as z.ZodType<Content, Content>, initial: {}, ...shape });
}
