import type { Documents } from './documents.ts';
import { listIn } from './records.ts';

export interface LogEntry {
  readonly action: string;
  readonly details?: string;
  readonly sessionId?: string;
}

const MAX_ENTRIES = 1_000;

/** Notes what was done in the log of today, the day of this machine's time zone. The oldest entries of a day make room. Gives the log's key. */
export async function logAction(documents: Documents, { action, details, sessionId }: LogEntry): Promise<string> {
  const now = new Date(documents.clock.now());
  const key = logOf(now);
  await documents.change(key, 'memory_session_log', (draft) => {
    (draft as Record<string, unknown>)['date'] ??= dayOf(now);
    const entries = listIn(draft, 'entries');
    entries.push({
      time: now.toISOString(),
      action,
      ...(details !== undefined && { details }),
      ...(sessionId !== undefined && { session_id: sessionId }),
    });
    if (entries.length > MAX_ENTRIES) entries.splice(0, entries.length - MAX_ENTRIES);
  });
  return key;
}

/** The key of a day's log. */
function logOf(moment: Date): string {
  return `sessions/${dayOf(moment)}`;
}

function dayOf(moment: Date): string {
  return [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
