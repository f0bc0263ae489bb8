import { isHoldfastError } from 'holdfast';
import { UsageError } from './usage-error.ts';

/** How the command ends. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Where a command writes to, as `--json` or as text. */
export class Output {
  readonly isJson: boolean;

  constructor({ json = false }: { readonly json?: boolean | undefined }) {
    this.isJson = json;
  }

  /** The result: one line of JSON, or the text. */
  result(value: object, text: string): void {
    process.stdout.write(`${this.isJson ? JSON.stringify({ ok: true, ...value }) : text}\n`);
  }

  /** What went wrong; gives the exit code. */
  failure(error: unknown, isInterrupted: boolean): number {
    const { code, message } = isInterrupted
      ? { code: 'INTERRUPTED', message: 'Interrupted. Give the same command again to go on.' }
      : describe(error);
    if (this.isJson) process.stdout.write(`${JSON.stringify({ ok: false, code, message })}\n`);
    else process.stderr.write(`holdfast: ${message}${code === 'INTERRUPTED' || code === 'USAGE' ? '' : ` (${code})`}\n`);
    if (isInterrupted) return EXIT.interrupted;
    return code === 'USAGE' ? EXIT.usage : EXIT.failed;
  }
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (isHoldfastError(error)) return { code: error.code, message: error.message };
  if (error instanceof UsageError) return { code: 'USAGE', message: error.message };
  return { code: 'UNEXPECTED', message: error instanceof Error ? error.message : String(error) };
}
