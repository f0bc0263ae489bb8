import { z } from 'zod';

/** As in `q1_2026`. */
export const Quarter = z.string().regex(/^q[1-4]_\d{4}$/, 'A quarter is written as in q1_2026.');

const STATE = /^performance_(q[1-4]_\d{4})$/;
const FILE = /^performance\/(q[1-4]_\d{4})\.yaml$/;

/** The quarter of a day, by this machine's zone. */
export function quarterOf(epochMs: number): string {
  const day = new Date(epochMs);
  return `q${Math.floor(day.getMonth() / 3) + 1}_${day.getFullYear()}`;
}

export function stateNameOf(quarter: string): string {
  return `performance_${quarter}`;
}

/** The file of a quarter's state; undefined for other states. */
export function performanceFile(state: string): string | undefined {
  const quarter = STATE.exec(state)?.[1];
  return quarter === undefined ? undefined : `performance/${quarter}.yaml`;
}

/** The state of a quarter's file; undefined for other files. */
export function performanceStateOf(path: string): string | undefined {
  const quarter = FILE.exec(path)?.[1];
  return quarter === undefined ? undefined : stateNameOf(quarter);
}
