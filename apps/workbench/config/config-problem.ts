/** Something in a configuration that a person should put right. */
export interface ConfigProblem {
  /**
   * `absent`: there is no file. `unreadable`: it is no JSON object. `invalid`: a value does not fit. `missing`: what a section must name is not there. `environment`: a value names a
   * variable that is not set, and counts as absent.
   */
  readonly kind: 'absent' | 'unreadable' | 'invalid' | 'missing' | 'environment';
  /** Keys with dots between them, `schedules.jobs.2.cron`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** Where the text stops being JSON, from 1. */
  readonly line?: number;
  readonly column?: number;
}

/** Whether a file with this problem is not taken while a better one is at hand. */
export function isBreakage({ kind }: ConfigProblem): boolean {
  return kind === 'absent' || kind === 'unreadable' || kind === 'invalid';
}

export function describeProblems(problems: readonly ConfigProblem[]): string {
  return problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
}
