/** Entries of an issue's trace that are kept: the newest. */
export const TRACE_LENGTH = 50;
/** Issues that are kept at most. */
export const MOST_ISSUES = 500;
