import { isoTime } from '../zoned-time.ts';

/** A time with its zone: `2026-03-02T09:00:00-05:00`, `2026-03-02T14:00:00.000Z`. */
const WITH_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;
/** Numbers below are seconds since 1970, those above milliseconds: 5138 and 1973. */
const SECONDS_UNTIL = 1e11;

/**
 * A time that an older program has written, as it is stored now: one with a zone stays as it is; one without is of this machine's zone; numbers count from 1970.
 * Undefined when it is none.
 */
export function readOlderTime(written: unknown): string | undefined {
  if (typeof written === 'number') return asStored(written < SECONDS_UNTIL ? written * 1_000 : written);
  if (typeof written !== 'string') return undefined;
  const epochMs = Date.parse(written);
  return WITH_ZONE.test(written) && !Number.isNaN(epochMs) ? written : asStored(epochMs);
}

function asStored(epochMs: number): string | undefined {
  return Math.abs(epochMs) <= 8.64e15 ? isoTime(epochMs) : undefined;
}
