import { defineState } from 'holdfast';
import { z } from 'zod';
import { isRecord } from '../json-value.ts';

/** On or off; a bare boolean is what people and older programs write. */
const Switch = z.union([z.boolean(), z.looseObject({ enabled: z.boolean() })]);

export const OVERRIDE_STATUSES = ['skip', 'join'] as const;

const Override = z.looseObject({
  /** One of those; an older program's other ones are kept, and decide nothing. */
  status: z.string().max(100),
  reason: z.string().max(1_000),
  /** When it was set, ISO 8601 with zone. */
  timestamp: z.iso.datetime({ offset: true }),
});
export interface MeetingOverride {
  readonly status: (typeof OVERRIDE_STATUSES)[number];
  readonly reason: string;
  readonly timestamp: string;
}

const Sections = z.looseObject({
  services: z.record(z.string(), Switch),
  jobs: z.record(z.string(), Switch),
  meetings: z.record(z.string(), Override),
});
export type TogglesValue = z.infer<typeof Sections>;

/** Runtime toggles: what is on and off now, whatever the configuration says. Sections of others are kept as they are. */
export const togglesState = defineState({
  name: 'toggles',
  scope: 'global',
  version: 2,
  schema: Sections,
  initial: { services: {}, jobs: {}, meetings: {} },
  migrations: { 2: fromOlder },
});

/** Older files have bare booleans, and overrides in `meetings.overrides` with times in epoch seconds. */
function fromOlder(older: Record<string, unknown>): unknown {
  const { services = {}, jobs = {}, meetings = {} } = older;
  return { ...older, services: switches(services), jobs: switches(jobs), meetings: overrides(meetings) };
}

/** What is no object is left to the schema, which refuses it. */
function switches(section: unknown): unknown {
  return isRecord(section) ? mapped(section, (value) => (typeof value === 'boolean' ? { enabled: value } : value)) : section;
}

function overrides(section: unknown): unknown {
  if (!isRecord(section)) return section;
  const { overrides: inner, ...direct } = section;
  // A meeting may be called `overrides`, too.
  const all = isRecord(inner) && !('status' in inner) ? { ...inner, ...direct } : section;
  return mapped(all, (value) => (isRecord(value) ? { reason: '', ...value, timestamp: isoTime(value['timestamp']) } : value));
}

/** Epoch seconds, or a text that may lack its zone, which was the machine's. */
function isoTime(timestamp: unknown): unknown {
  if (timestamp === undefined) return new Date(0).toISOString();
  const epochMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number(timestamp) * 1_000;
  return Math.abs(epochMs) <= 8.64e15 ? new Date(epochMs).toISOString() : timestamp;
}

function mapped(section: Record<string, unknown>, change: (value: unknown) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, change(value)]));
}
