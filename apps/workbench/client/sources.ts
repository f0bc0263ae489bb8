/** What was read of one source, or why it could not be. */
export type Source<T = unknown> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** Reads sources side by side, each within its time. One that fails, or does not answer, keeps none of the others from being read. */
export async function readSources<Name extends string>(
  sources: Readonly<Record<Name, () => unknown>>,
  { timeoutMs = 5_000 }: { readonly timeoutMs?: number } = {},
): Promise<Readonly<Record<Name, Source>>> {
  const entries = Object.entries<() => unknown>(sources);
  const read = await Promise.all(entries.map(async ([name, source]) => [name, await readSource(source, timeoutMs)] as const));
  return Object.fromEntries(read) as Record<Name, Source>;
}

async function readSource(source: () => unknown, timeoutMs: number): Promise<Source> {
  const { promise: late, resolve } = Promise.withResolvers<Source>();
  const timer = setTimeout(
    () => resolve({ ok: false, code: 'UNAVAILABLE', message: `It did not answer within ${timeoutMs / 1_000} s.` }),
    timeoutMs,
  );
  // What is thrown at once fails alone, too.
  const value = Promise.resolve().then(source);
  const read = value.then(
    (found): Source => ({ ok: true, value: found }),
    (error: unknown): Source => ({
      ok: false,
      code: error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'FAILED',
      message: error instanceof Error ? error.message : String(error),
    }),
  );
  try {
    return await Promise.race([read, late]);
  } finally {
    clearTimeout(timer);
  }
}
