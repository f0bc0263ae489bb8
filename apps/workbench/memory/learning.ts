import type { Documents } from './documents.ts';
import { folded } from './known-issues.ts';
import { isRecord } from '../json-value.ts';
import { listIn } from './records.ts';

export interface ToolFix {
  readonly tool: string;
  /** A part of the error's text. */
  readonly pattern: string;
  readonly rootCause: string;
  readonly fix: string;
}

export interface Failure {
  readonly tool: string;
  readonly error: string;
  readonly healed: boolean;
  /** What healed it: `vpn`, `auth`, or another word. */
  readonly fixType?: string;
}

const MAX_FAILURES = 100;
const MAX_FIXES = 500;
const MAX_USAGE = 200;
const MAX_TEXT = 1_000;

/** Remembers what fixed a tool's error; what was known under the same tool and pattern is replaced. Says whether it was. */
export async function learnToolFix(
  documents: Documents,
  { tool, pattern, rootCause, fix }: ToolFix,
): Promise<{ readonly replaced: boolean }> {
  const learned = {
    tool_name: tool,
    error_pattern: pattern,
    root_cause: rootCause,
    fix_applied: fix,
    date_learned: new Date(documents.clock.now()).toISOString(),
  };
  const { value } = await documents.change('learned/tool_fixes', 'learn_tool_fix', (draft) => {
    const list = listIn(draft, 'tool_fixes');
    const known = list.find((item) => isFixOf(item, tool, pattern));
    if (isRecord(known)) Object.assign(known, learned);
    else list.push({ ...learned, times_prevented: 0 });
    trim(list, MAX_FIXES);
    return known !== undefined;
  });
  return { replaced: value };
}

/** Appends a failure, counts it if it was healed, and counts which fix followed which error; all in one commit. The oldest make room. */
export async function recordFailure(documents: Documents, { tool, error, healed, fixType }: Failure): Promise<void> {
  const timestamp = new Date(documents.clock.now()).toISOString();
  const message = error.slice(0, MAX_TEXT);
  await documents.changeBoth(['learned/tool_failures', 'learned/usage_patterns'], 'memory_record_failure', (failures, usage) => {
    const recent = listIn(failures, 'recent_failures');
    recent.push({ tool, error: message, healed, fix_type: fixType ?? null, timestamp });
    trim(recent, MAX_FAILURES);
    if (healed) countHeal(failures as Record<string, unknown>, fixType, timestamp);
    countUsage(listIn(usage, 'usage_patterns'), { error: kindOfError(message), tool, fix: fixType ?? null }, timestamp);
  });
}

function isFixOf(item: unknown, tool: string, pattern: string): boolean {
  return isRecord(item) && folded(String(item['tool_name'])) === folded(tool) && folded(String(item['error_pattern'])) === folded(pattern);
}

function countHeal(failures: Record<string, unknown>, fixType: string | undefined, timestamp: string): void {
  failures['auto_heal_stats'] ??= {};
  const stats = failures['auto_heal_stats'] as Record<string, unknown>;
  const counted = ['total_heals', ...(fixType === 'vpn' || fixType === 'auth' ? [`${fixType}_heals`] : [])];
  for (const name of ['total_heals', 'vpn_heals', 'auth_heals'])
    stats[name] = (typeof stats[name] === 'number' ? stats[name] : 0) + (counted.includes(name) ? 1 : 0);
  stats['last_heal'] = timestamp;
}

function countUsage(list: unknown[], { error, tool, fix }: { error: string; tool: string; fix: string | null }, timestamp: string): void {
  const known = list.find((item) => isRecord(item) && item['error'] === error && item['tool'] === tool && (item['fix'] ?? null) === fix);
  if (isRecord(known)) {
    known['count'] = Number(known['count']) + 1;
    known['last_seen'] = timestamp;
    return;
  }
  list.push({ error, tool, fix, count: 1, last_seen: timestamp });
  if (list.length <= MAX_USAGE) return;
  const seen = list.map((item) => (isRecord(item) && typeof item['last_seen'] === 'string' ? item['last_seen'] : ''));
  list.splice(seen.indexOf(seen.toSorted()[0] as string), 1);
}

/** The first line, with numbers and ids taken out: the same error of another day. */
function kindOfError(error: string): string {
  const [line = ''] = error.split('\n', 1);
  return (
    line
      .replaceAll(/\b(?:0x)?[\da-f]*\d[\da-f-]*\b/gi, '#')
      .slice(0, 200)
      .trim() || '(no message)'
  );
}

function trim(list: unknown[], most: number): void {
  if (list.length > most) list.splice(0, list.length - most);
}
