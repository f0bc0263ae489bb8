const FIRST_HOUR = 9;
const END_HOUR = 17;
const WEEKEND = ['Sat', 'Sun'];

/** Whether it is a weekday from 09:00 to before 17:00 in the zone. @throws {RangeError} for a zone that there is not. */
export function isWorkingTime(epochMs: number, timeZone: string): boolean {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  const parts = new Map(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const hour = Number(parts.get('hour'));
  return !WEEKEND.includes(parts.get('weekday') ?? '') && hour >= FIRST_HOUR && hour < END_HOUR;
}
