import { defineState, type Json } from 'holdfast';
import { z } from 'zod';
import { isRecord } from '../json-value.ts';

/** Of a conversation, of a run of a workflow, and of a team of agents. */
export const JOURNAL_SCOPES = ['conversation', 'workflow', 'team'] as const;
export type JournalScope = (typeof JOURNAL_SCOPES)[number];

const TimeSchema = z.iso.datetime({ offset: true });
const JsonSchema = z.custom<Json>((value) => value !== undefined);

const MessageSchema = z.strictObject({
  /** Its place among those of its branch. Times may be equal. */
  n: z.int().min(1),
  at: TimeSchema,
  from: z.string().min(1),
  /** Null: for everybody. */
  to: z.string().min(1).nullable(),
  text: z.string(),
});

const ToolCallSchema = z.strictObject({
  n: z.int().min(1),
  at: TimeSchema,
  tool: z.string().min(1),
  status: z.enum(['ok', 'error']),
  summary: z.string(),
});

/** A step of a workflow. */
const NodeSchema = z.strictObject({
  status: z.enum(['pending', 'running', 'completed', 'failed']),
  /** How often it was begun. */
  attempts: z.int().min(0),
  started_at: TimeSchema.nullable(),
  ended_at: TimeSchema.nullable(),
  error: z.string().nullable(),
  /** What it has come to so far: its result once it is completed. */
  result: JsonSchema,
});

const AgentSchema = z.strictObject({ role: z.string().min(1), joined_at: TimeSchema });

/**
 * What is known of a conversation, run or team. What comes and goes stands under a key of its own in records, so that two branches that both went on can be merged; nothing counts,
 * for the same reason.
 */
const JournalSchema = z.strictObject({
  title: z.string().min(1).nullable(),
  stage: z.string().min(1).nullable(),
  status: z.enum(['open', 'running', 'completed', 'failed']),
  // Looked at one by one, when they change.
  messages: z.custom<Record<string, JournalMessage>>(isRecord),
  tools: z.custom<Record<string, ToolCall>>(isRecord),
  /** By path: what a file held. */
  files: z.record(z.string(), z.strictObject({ hash: z.string().min(1), at: TimeSchema })),
  /** What all of them share. */
  context: z.record(z.string(), JsonSchema),
  nodes: z.record(z.string(), NodeSchema),
  agents: z.record(z.string(), AgentSchema),
});

export type JournalMessage = z.infer<typeof MessageSchema>;
export type ToolCall = z.infer<typeof ToolCallSchema>;
export type WorkflowNode = z.infer<typeof NodeSchema>;
export type Agent = z.infer<typeof AgentSchema>;
export type JournalRecord = z.infer<typeof JournalSchema>;

const options = {
  name: 'journal',
  schema: JournalSchema,
  initial: { title: null, stage: null, status: 'open', messages: {}, tools: {}, files: {}, context: {}, nodes: {}, agents: {} },
  each: { messages: MessageSchema, tools: ToolCallSchema },
} as const;

export const journalStates = {
  conversation: defineState({ ...options, scope: 'conversation' }),
  workflow: defineState({ ...options, scope: 'workflow' }),
  team: defineState({ ...options, scope: 'team' }),
} as const;
