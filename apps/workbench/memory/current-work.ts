import { z } from 'zod';
import { isRecord } from '../json-value.ts';

const text = z.string().nullish();
const id = z.union([z.string().min(1), z.int()]);

const issue = z.looseObject({
  key: z
    .string()
    .max(100)
    .regex(/^[^\s-]\S*-\S+$/, 'an issue has a key with a hyphen, as in AAP-123'),
  summary: z.string(),
  status: z.string(),
  branch: text,
  repo: text,
  started_at: text,
});
const mergeRequest = z.looseObject({
  id,
  title: z.string(),
  status: z.string(),
  pipeline: text,
  url: text,
  project: text,
  needs_review: z.boolean().nullish(),
});
const followUp = z.union([z.string().min(1), z.looseObject({ task: z.string().min(1), priority: text, created: text, issue_key: text })]);

/** What somebody works on now. An empty list may be written as nothing. */
export const currentWorkSchema = z.looseObject({
  active_issues: z.array(issue).nullish(),
  active_mrs: z.array(mergeRequest).nullish(),
  follow_ups: z.array(followUp).nullish(),
});

/** The shape before: `open_mrs`, `pipeline_status` and `started`. What neither shape knows stays where it is, and what makes no sense is left for the schema to refuse. */
export function olderCurrentWork(old: unknown): unknown {
  if (!isRecord(old)) return old;
  const { open_mrs: open, ...work } = old;
  const renamed: Record<string, unknown> = { ...work };
  if (open !== undefined) renamed['active_mrs'] = joined(work['active_mrs'], open);
  if (renamed['active_issues'] !== undefined) renamed['active_issues'] = eachRenamed(renamed['active_issues'], 'started', 'started_at');
  if (renamed['active_mrs'] !== undefined) renamed['active_mrs'] = eachRenamed(renamed['active_mrs'], 'pipeline_status', 'pipeline');
  return renamed;
}

function joined(current: unknown, older: unknown): unknown {
  if (current === undefined || current === null) return older;
  return Array.isArray(current) && older !== null ? (current as unknown[]).concat(older) : current;
}

function eachRenamed(list: unknown, from: string, to: string): unknown {
  if (!Array.isArray(list)) return list;
  return list.map((item: unknown) => {
    if (!isRecord(item) || !Object.hasOwn(item, from) || Object.hasOwn(item, to)) return item;
    const entries = Object.entries(item).map(([key, value]) => [key === from ? to : key, value] as const);
    return Object.fromEntries(entries);
  });
}
