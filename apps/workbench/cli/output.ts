import { shownFailure } from '../daemons/daemon-calls.ts';

/** How the command ends. */
export const EXIT = { done: 0, failed: 1, usage: 2, unavailable: 3 } as const;

/** Where a command writes to, as `--json` or as text. */
export class Output {
  readonly isJson: boolean;

  constructor({ json = false }: { readonly json?: boolean | undefined }) {
    this.isJson = json;
  }

  /** The result: one line of JSON, or the text. */
  result(value: unknown, text: string): void {
    process.stdout.write(`${this.isJson ? JSON.stringify(value) : text}\n`);
  }

  /** Says what went wrong, on standard error; gives the exit code. */
  failure(error: unknown): number {
    const { code, message } = shownFailure(error);
    process.stderr.write(`${this.isJson ? JSON.stringify({ error: { code, message } }) : `holdfast-workbench: ${message}`}\n`);
    if (code === 'INVALID_INPUT') return EXIT.usage;
    return code === 'UNAVAILABLE' ? EXIT.unavailable : EXIT.failed;
  }
}
