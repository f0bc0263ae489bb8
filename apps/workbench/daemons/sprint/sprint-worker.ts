import { z } from 'zod';

export const WorkOrder = z.strictObject({ key: z.string(), summary: z.string() });
export type WorkOrder = z.infer<typeof WorkOrder>;

/** What became of the work: done, not possible, or in need of somebody's answer; and what a person should know. */
export const WorkReport = z.strictObject({ outcome: z.enum(['completed', 'blocked', 'waiting']), summary: z.string().max(2_000) });
export type WorkReport = z.infer<typeof WorkReport>;

/** Who works on issues. */
export interface SprintWorker {
  /** Works on it until it ends or the signal aborts; `run` is another one each time. Throws only when nobody knows how it ended. */
  work(order: WorkOrder, options: { readonly run: string; readonly signal: AbortSignal }): Promise<WorkReport>;
}
