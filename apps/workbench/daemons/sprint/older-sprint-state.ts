import { zonedTime } from '../../zoned-time.ts';
import { TRACE_LENGTH } from './sprint-limits.ts';
import { isRecord } from '../../json-value.ts';

/** Statuses that an issue can only have when somebody approved it. */
const APPROVED = ['approved', 'in_progress', 'completed'];
const LEFT = 'It was left in progress by an older system.';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads what older systems wrote, issues as a record by key or as a list. What it does not know it keeps; what it cannot understand is refused, by throwing here or
 * by the schema.
 */
export function readOlderSprint(old: Fields): unknown {
  const { issues, processingIssue, automaticMode, botEnabled, lastUpdated, ...others } = old;
  const known = ['issues', 'enabled', 'automaticMode', 'botEnabled', 'stats', 'current_issue'];
  if (!known.some((key) => Object.hasOwn(old, key))) throw new TypeError('it has neither issues nor anything else of a sprint');
  const read = readIssues(issues);
  const stated = old['current_issue'] ?? processingIssue ?? null;
  const inProgress = [...read].filter(([, { status }]) => status === 'in_progress').map(([key]) => key);
  const current = inProgress.find((key) => key === stated) ?? inProgress[0] ?? null;
  for (const key of inProgress) if (key !== current) read.set(key, { ...read.get(key), status: 'blocked', reason: LEFT });
  const completed = [...read.values()].filter(({ status }) => status === 'completed').length;
  return {
    ...others,
    enabled: old['enabled'] ?? automaticMode ?? botEnabled ?? false,
    current_issue: current,
    issues: Object.fromEntries(read),
    stats: old['stats'] ?? { total_processed: completed, successful: completed, failed: 0 },
    updated_at: zonedTime(old['updated_at'] ?? lastUpdated) ?? null,
  };
}

function readIssues(issues: unknown): Map<string, Fields> {
  const entries = Array.isArray(issues)
    ? issues.filter(isRecord).map(({ key, ...issue }) => [key, issue] as const)
    : isRecord(issues ?? {})
      ? Object.entries((issues ?? {}) as Fields)
      : [];
  const wanted = Array.isArray(issues) ? issues.length : Object.keys(issues ?? {}).length;
  const read = new Map<string, Fields>();
  for (const [key, issue] of entries) {
    if (typeof key !== 'string' || !isRecord(issue)) throw new TypeError('an issue has no key, or is no object');
    if (read.has(key)) throw new TypeError(`issue ${key} is there twice`);
    read.set(key, readIssue(issue, read.size));
  }
  if (read.size !== wanted) throw new TypeError('issues is neither a list nor a record of objects');
  return read;
}

function readIssue({ approvalStatus, timeline, waitingReason, ...issue }: Fields, place: number): Fields {
  const stated = issue['status'] ?? approvalStatus;
  // The list has both: there `status` is Jira's.
  const own = approvalStatus ?? stated;
  const status = own === 'processing' ? 'in_progress' : own;
  const trace = issue['execution_trace'] ?? timeline ?? [];
  return {
    ...issue,
    ...(approvalStatus !== undefined && issue['status'] !== undefined && { jira_status: issue['status'] }),
    status,
    approved: issue['approved'] ?? APPROVED.includes(String(status)),
    summary: issue['summary'] ?? '',
    started_at: zonedTime(issue['started_at']) ?? null,
    reason: issue['reason'] ?? waitingReason ?? null,
    run: null,
    rank: issue['rank'] ?? place,
    execution_trace: Array.isArray(trace) ? trace.slice(-TRACE_LENGTH).map(readEntry) : trace,
  };
}

function readEntry(entry: unknown): unknown {
  if (typeof entry === 'string') return { timestamp: '', action: 'note', description: entry };
  if (!isRecord(entry)) return entry;
  const { timestamp, action, description } = entry;
  return {
    ...entry,
    timestamp: zonedTime(timestamp) ?? (typeof timestamp === 'string' ? timestamp : ''),
    action: action ?? 'note',
    description: description ?? '',
  };
}
