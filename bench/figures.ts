import type { QuestionResult } from './measure.ts';

/** What one run found, and where: a figure without its machine says nothing. */
export interface Figures {
  /** ISO 8601. */
  readonly at: string;
  readonly quick: boolean;
  readonly machine: {
    readonly cpu: string | undefined;
    readonly cores: number;
    readonly memoryBytes: number;
    readonly os: string;
    /** Averages of the last 1, 5 and 15 minutes before the run. */
    readonly load: readonly number[];
  };
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly results: readonly QuestionResult[];
}
