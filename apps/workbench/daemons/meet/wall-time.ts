const DAY_MS = 86_400_000;
/** A `Date` has no more, and neighbours are looked at too. */
const LATEST_MS = 8.64e15 - 2 * DAY_MS;
const formats = new Map<string, Intl.DateTimeFormat>();

/** A time on the wall: epoch ms as if the wall were in UTC. */
export type WallTime = number;

/**
 * Epoch ms of a time on the wall of a zone, by RFC 5545: of one that is there twice the first, and one that is skipped by the offset before. NaN for what is no time.
 * @throws {RangeError} for a zone that there is not.
 */
export function epochOf(wall: WallTime, timeZone: string): number {
  if (!(Math.abs(wall) < LATEST_MS)) return Number.NaN;
  const before = offsetAt(wall - DAY_MS, timeZone);
  const after = offsetAt(wall + DAY_MS, timeZone);
  if (before === after || offsetAt(wall - before, timeZone) === before) return wall - before;
  return offsetAt(wall - after, timeZone) === after ? wall - after : wall - before;
}

/** Whether there is such a zone. */
export function isTimeZone(name: string): boolean {
  try {
    return formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

function offsetAt(epochMs: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const at = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const wall = Date.UTC(at('year'), at('month') - 1, at('day'), at('hour'), at('minute'), at('second'));
  return wall - Math.floor(epochMs / 1_000) * 1_000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const numeric = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { timeZone, hourCycle: 'h23', ...numeric });
  formats.set(timeZone, format);
  return format;
}
