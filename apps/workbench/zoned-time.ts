/** ISO 8601 with a zone, as every time is stored. */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/**
 * A time that an older system wrote, with a zone: text without one is this machine's local time, numbers are epoch seconds. Undefined for what is no time.
 */
export function zonedTime(value: unknown): string | undefined {
  const epochMs = typeof value === 'number' ? value * 1_000 : typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(new Date(epochMs).getTime()) ? undefined : isoTime(epochMs);
}
