/** Why a file's text is no state, and where. */
export class UnreadableText extends Error {
  /** From 1; absent where the whole file is meant. */
  readonly line: number | undefined;
  readonly column: number | undefined;

  /** `offset` is in characters of `text`. The message must not quote the text: it may hold a secret. */
  constructor(message: string, text?: string, offset?: number) {
    super(message);
    if (text === undefined || offset === undefined) return;
    const before = text.slice(0, offset).split('\n');
    this.line = before.length;
    this.column = (before.at(-1)?.length ?? 0) + 1;
  }
}
