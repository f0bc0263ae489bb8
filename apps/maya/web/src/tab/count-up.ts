/** How long a figure takes from one value to the next. */
const COUNT_UP_MS = 500;
/** Changes that come within this time of one another count as one. */
const MERGE_WINDOW_MS = 100;
/** How many changes wait for their turn; the oldest ones give way. */
const MAX_WAITING = 5;
/** How large the figure is in the middle of a count. */
const PULSE_SCALE = 1.1;

interface Change {
  readonly to: number;
  readonly arrivedAt: number;
}

interface Count extends Change {
  readonly from: number;
  readonly startedAt: number;
}

/**
 * A figure that counts from value to value; plain data that changes only through the functions below.
 * Times are milliseconds of one steady clock, values minor units of money.
 */
export interface CountUp {
  /** The value shown when nothing is counting. */
  readonly resting: number;
  readonly counting: Count | null;
  readonly waiting: readonly Change[];
}

/** How the figure looks at one instant. */
export interface CountUpFrame {
  readonly value: number;
  readonly scale: number;
  readonly isMoving: boolean;
}

/** A figure at rest. */
export function restAt(value: number): CountUp {
  return { resting: value, counting: null, waiting: [] };
}

/** Asks the figure to go to a value; where it already is, or is on its way to, nothing changes. */
export function changeTo(figure: CountUp, to: number, nowMs: number): CountUp {
  const now = advance(figure, nowMs);
  if (to === lastValue(now)) return now;
  const last = now.waiting.at(-1);
  if (last && nowMs - last.arrivedAt < MERGE_WINDOW_MS) {
    const rest = { ...now, waiting: now.waiting.slice(0, -1) };
    return to === lastValue(rest) ? rest : { ...rest, waiting: [...rest.waiting, { ...last, to }] };
  }
  if (!now.counting) return { ...now, counting: { from: now.resting, to, arrivedAt: nowMs, startedAt: nowMs } };
  if (!last && nowMs - now.counting.arrivedAt < MERGE_WINDOW_MS) return { ...now, counting: redirect(now.counting, to, nowMs) };
  return { ...now, waiting: [...now.waiting, { to, arrivedAt: nowMs }].slice(-MAX_WAITING) };
}

/** Ends the counts that are over by now and starts those that waited, each where the one before it ended. */
export function advance(figure: CountUp, nowMs: number): CountUp {
  let { resting, counting, waiting } = figure;
  while (counting && nowMs >= counting.startedAt + COUNT_UP_MS) {
    resting = counting.to;
    const [next, ...later] = waiting;
    counting = next ? { ...next, from: resting, startedAt: counting.startedAt + COUNT_UP_MS } : null;
    waiting = later;
  }
  return { resting, counting, waiting };
}

export function frameAt(figure: CountUp, nowMs: number): CountUpFrame {
  const { resting, counting } = advance(figure, nowMs);
  if (!counting) return { value: resting, scale: 1, isMoving: false };
  const progress = progressOf(counting, nowMs);
  return {
    value: Math.round(counting.from + (counting.to - counting.from) * easeOut(progress)),
    scale: 1 + (PULSE_SCALE - 1) * Math.sin(Math.PI * progress),
    isMoving: true,
  };
}

function lastValue(figure: CountUp): number {
  return figure.waiting.at(-1)?.to ?? figure.counting?.to ?? figure.resting;
}

/** Turns a count that has just begun to another end without a jump: it starts from where its new path would have come from. */
function redirect(count: Count, to: number, nowMs: number): Count {
  const done = easeOut(progressOf(count, nowMs));
  const shown = count.from + (count.to - count.from) * done;
  return { ...count, to, from: (shown - to * done) / (1 - done) };
}

function progressOf(count: Count, nowMs: number): number {
  return Math.min(1, Math.max(0, (nowMs - count.startedAt) / COUNT_UP_MS));
}

/** Fast first, then settling. */
function easeOut(progress: number): number {
  return 1 - (1 - progress) ** 3;
}
