/** How long it is until something begins, in its two largest units: "2d 3h", "1h 30m", "5m", "42s"; then "Starting now". */
export function countdown(leftMs: number): string {
  const seconds = Math.floor(leftMs / 1_000);
  const [minutes, hours, days] = [60, 3_600, 86_400].map((unit) => Math.floor(seconds / unit)) as [number, number, number];
  if (seconds <= 0) return 'Starting now';
  if (minutes === 0) return `${seconds}s`;
  if (hours === 0) return `${minutes}m`;
  if (days === 0) return `${hours}h ${minutes % 60}m`;
  return `${days}d ${hours % 24}h`;
}
