import { z } from 'zod';
import { defineMethod, type Method } from '../methods/method.ts';
import type { Performance } from './performance.ts';
import { Quarter } from './quarter.ts';

const Goal = z.string().min(1).max(100);

/** What clients can call of the quarterly performance. */
export function performanceMethods(performance: Performance): readonly Method[] {
  return [
    defineMethod({
      name: 'performance_read',
      title: 'Read a quarter',
      description: 'Reads the goals and the entries of a quarter, this one unless another is named.',
      input: { quarter: Quarter.optional() },
      hints: { readOnly: true },
      run: async ({ quarter = performance.quarter }) => ({ quarter, ...(await performance.read(quarter)) }),
    }),
    defineMethod({
      name: 'performance_add',
      title: 'Add to a quarter',
      description: 'Adds what was done, today unless another day is named, to the quarter of that day; for a goal where it serves one.',
      input: {
        text: z.string().trim().min(1).max(10_000),
        date: z.iso.date().optional(),
        goal: Goal.optional(),
        link: z
          .url({ protocol: /^https?$/ })
          .max(2_000)
          .optional(),
      },
      hints: { readOnly: false },
      run: async ({ text, date, goal, link }) => {
        const rest = { ...(date !== undefined && { date }), ...(goal !== undefined && { goal }), ...(link !== undefined && { link }) };
        return { quarter: await performance.addEntry({ text, ...rest }) };
      },
    }),
    defineMethod({
      name: 'performance_set_goal',
      title: 'Set a goal',
      description: 'Makes a goal of a quarter, or changes the title and the status of the one with that id.',
      input: { id: Goal, title: z.string().trim().min(1).max(10_000), status: z.string().max(100).optional(), quarter: Quarter.optional() },
      hints: { readOnly: false, idempotent: true },
      run: async ({ id, title, status, quarter = performance.quarter }) => {
        await performance.setGoal(quarter, { id, title, ...(status !== undefined && { status }) });
        return { quarter, id };
      },
    }),
  ];
}
