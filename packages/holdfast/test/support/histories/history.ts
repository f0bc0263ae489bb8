/** The lists that histories are made of: one state each, to which ids are only ever appended. */
export const LISTS = ['a', 'b', 'c', 'd'] as const;

export type ListName = (typeof LISTS)[number];

/**
 * What one process did: it saw lists as they were at one moment, and appended its id to some of them at that moment. Times are of one clock for all processes,
 * which runs on over them (`process.hrtime`).
 */
export interface Operation {
  /** Unique; what it appends. */
  readonly id: string;
  readonly appends: readonly ListName[];
  readonly invokedAt: number;
  /** Without one nobody heard how it ended. */
  readonly returnedAt?: number;
  /** `refused`: it was told that nothing was written. `unknown`: it may be there or not, but never twice. */
  readonly outcome: 'done' | 'refused' | 'unknown';
  /** The lists as it saw them, without what it appended itself; none of an operation that is not done. */
  readonly saw: Readonly<Partial<Record<ListName, readonly string[]>>>;
}

export interface History {
  readonly operations: readonly Operation[];
  /** The lists after all. */
  readonly final: Readonly<Record<ListName, readonly string[]>>;
}

/** What a program prints: that it is ready, and of each operation first that it begins, then how it ended. */
export type Recorded =
  | { readonly ready: true }
  | { readonly begin: Pick<Operation, 'id' | 'appends' | 'invokedAt'> }
  | { readonly end: Required<Pick<Operation, 'id' | 'returnedAt' | 'outcome' | 'saw'>> };

/** Operations from the lines of programs; one that has begun and not ended was killed. */
export function readRecorded(lines: readonly string[]): Operation[] {
  const operations = new Map<string, Operation>();
  for (const line of lines) {
    const recorded = JSON.parse(line) as Recorded;
    if ('begin' in recorded) operations.set(recorded.begin.id, { ...recorded.begin, outcome: 'unknown', saw: {} });
    else if ('end' in recorded) {
      const { returnedAt, ...end } = recorded.end;
      const began = operations.get(end.id) as Operation;
      // What nobody knows the end of may still happen later.
      operations.set(end.id, { ...began, ...end, ...(end.outcome !== 'unknown' && { returnedAt }) });
    }
  }
  return [...operations.values()];
}
