import { defineState, type StateDefinition } from 'holdfast';
import { z } from 'zod';
import { stateNameOf } from './quarter.ts';

export const MOST_GOALS = 100;
export const MOST_ENTRIES = 5_000;
const Text = z.string().max(10_000);

/** People write into these files what they like; that is kept. */
const Goal = z.looseObject({ id: z.string().min(1).max(100), title: Text, status: z.string().max(100).optional() });
const Entry = z.looseObject({
  /** `2026-03-02`. */
  date: z.iso.date(),
  text: Text,
  /** Id of a goal. */
  goal: z.string().max(100).optional(),
  link: z.string().max(2_000).optional(),
});

const Quarter = z.looseObject({ goals: z.array(Goal).max(MOST_GOALS), entries: z.array(Entry).max(MOST_ENTRIES) });
export type QuarterOfWork = z.infer<typeof Quarter>;
export type PerformanceEntry = z.infer<typeof Entry>;

const definitions = new Map<string, StateDefinition<QuarterOfWork, 'global'>>();

/** The state of a quarter: what somebody wants to do in it, and what they did. A file of its own, for people to write in. */
export function performanceState(quarter: string): StateDefinition<QuarterOfWork, 'global'> {
  const known = definitions.get(quarter);
  if (known) return known;
  const definition = defineState({
    name: stateNameOf(quarter),
    scope: 'global',
    version: 2,
    schema: Quarter,
    initial: { goals: [], entries: [] },
    // By hand one writes only what one has.
    migrations: { 2: (old: Record<string, unknown>) => ({ ...old, goals: old['goals'] ?? [], entries: old['entries'] ?? [] }) },
  });
  definitions.set(quarter, definition);
  return definition;
}
