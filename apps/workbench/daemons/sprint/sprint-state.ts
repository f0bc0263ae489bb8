import { defineState, type Draft } from 'holdfast';
import { z } from 'zod';
import { IssueKey } from '../../issue-key.ts';
import { readOlderSprint } from './older-sprint-state.ts';
import { TRACE_LENGTH } from './sprint-limits.ts';

export const ISSUE_STATUSES = ['pending', 'approved', 'rejected', 'in_progress', 'completed', 'blocked', 'waiting'] as const;
export type IssueStatus = (typeof ISSUE_STATUSES)[number];

/** What older systems wrote besides is kept, here as in the issue and the sprint. */
const TraceEntry = z.looseObject({ timestamp: z.string(), action: z.string(), description: z.string() });

const IssueSchema = z.looseObject({
  status: z.enum(ISSUE_STATUSES),
  /** Whether a person said that it may be worked on; it stays so when the work is blocked. */
  approved: z.boolean(),
  summary: z.string(),
  started_at: z.string().nullable(),
  /** Why it is rejected, blocked or waiting. */
  reason: z.string().nullable(),
  /** Key of the effect that works on it. */
  run: z.string().nullable(),
  /** Its place in the sprint: smaller comes first. */
  rank: z.int().nullable(),
  execution_trace: z.array(TraceEntry).max(TRACE_LENGTH),
});

const SprintSchema = z.looseObject({
  /** Whether approved issues are worked on by themselves. */
  enabled: z.boolean(),
  current_issue: IssueKey.nullable(),
  issues: z.record(IssueKey, IssueSchema),
  stats: z.looseObject({ total_processed: z.int().min(0), successful: z.int().min(0), failed: z.int().min(0) }),
  updated_at: z.string().nullable(),
});

export type Sprint = z.infer<typeof SprintSchema>;
export type SprintIssue = z.infer<typeof IssueSchema>;
export type SprintDraft = Draft<Sprint>;

export const sprintState = defineState({
  name: 'sprint',
  scope: 'global',
  version: 2,
  schema: SprintSchema,
  initial: { enabled: false, current_issue: null, issues: {}, stats: { total_processed: 0, successful: 0, failed: 0 }, updated_at: null },
  migrations: { 2: readOlderSprint },
  invariants: {
    'one issue at a time': ({ issues, current_issue }) => {
      const [first, ...others] = Object.keys(issues).filter((key) => issues[key]?.status === 'in_progress');
      if (others.length > 0) return `${[first, ...others].join(', ')} are all in progress`;
      return (first ?? null) === current_issue || `current_issue is ${current_issue}, in progress is ${first ?? 'none'}`;
    },
  },
});
