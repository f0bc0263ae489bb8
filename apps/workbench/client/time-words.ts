import { countdown } from '../daemons/meet/countdown.ts';

/** How times are said in few letters. They run anywhere, also in a page. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something lasts: `42s`, `5m`, `1h 30m`, `2d 3h`. */
export function durationWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < MINUTE) return `${seconds}s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < DAY) return joined(Math.floor(seconds / HOUR), 'h', Math.floor((seconds % HOUR) / MINUTE), 'm');
  return joined(Math.floor(seconds / DAY), 'd', Math.floor((seconds % DAY) / HOUR), 'h');
}

/** How long until something starts; `Starting now` once it does. */
export function countdownWords(start: string, now: number): string {
  return countdown(Date.parse(start) - now);
}

/** `in 5m`, `2h 10m ago`, `just now`; an empty text for no time. */
export function agoWords(time: string | null, now: number): string {
  const at = time === null ? Number.NaN : Date.parse(time);
  if (Number.isNaN(at)) return '';
  const awayMs = Math.abs(at - now);
  if (awayMs < MINUTE * 1_000) return at > now ? 'in a moment' : 'just now';
  return at > now ? `in ${durationWords(awayMs)}` : `${durationWords(awayMs)} ago`;
}

function joined(many: number, unit: string, rest: number, restUnit: string): string {
  return rest === 0 ? `${many}${unit}` : `${many}${unit} ${rest}${restUnit}`;
}
