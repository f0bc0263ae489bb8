import type { Content } from './document-kinds.ts';
import { kindOf } from './document-key.ts';
import type { Documents } from './documents.ts';
import { isInvestigationOver } from './investigation.ts';
import { isRecord } from '../json-value.ts';
import { WorkbenchError } from '../workbench-error.ts';

export interface CleanUp {
  /** Whether nothing was removed. */
  readonly dryRun: boolean;
  /** One line for each thing that goes or went. */
  readonly removed: readonly string[];
  /** Why documents were left alone. */
  readonly skipped: readonly string[];
}

const DONE = new Set(['done', 'closed', 'resolved']);
const MERGED = new Set(['merged', 'closed']);
const DAY_MS = 86_400_000;

/** Removes issues that are done, requests that were merged or closed, an investigation that is over, and logs older than `logDays`; a dry run only says what. */
export async function cleanUpMemory(
  documents: Documents,
  { dryRun, logDays }: { readonly dryRun: boolean; readonly logDays: number },
): Promise<CleanUp> {
  const removed: string[] = [];
  const skipped: string[] = [];
  const oldest = documents.clock.now() - logDays * DAY_MS;
  for (const key of await documents.keys()) {
    try {
      if (kindOf(key) === 'session_log') {
        if (!isOlder(key, oldest)) continue;
        if (!dryRun) await documents.delete(key);
        removed.push(`${key}: the log is older than ${logDays} days`);
      } else if (kindOf(key) === 'current_work' || kindOf(key) === 'shared_context') {
        removed.push(...(await cleanUpDocument(documents, key, dryRun)));
      }
    } catch (error) {
      if (!(error instanceof WorkbenchError)) throw error;
      skipped.push(`${key}: ${error.message}`);
    }
  }
  return { dryRun, removed, skipped };
}

async function cleanUpDocument(documents: Documents, key: string, dryRun: boolean): Promise<readonly string[]> {
  if (!dryRun)
    return (await documents.change(key, 'memory_cleanup', (draft) => removeFinished(draft as Content, key, documents.clock.now()))).value;
  const document = await documents.findStored(key);
  return document ? removeFinished(structuredClone(document), key, documents.clock.now()) : [];
}

function removeFinished(content: Content, key: string, now: number): readonly string[] {
  if (!isRecord(content)) return [];
  const removed: string[] = [];
  const removeFrom = (name: string, over: ReadonlySet<string>, label: (item: Record<string, unknown>) => string): void => {
    const list = content[name];
    if (!Array.isArray(list)) return;
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const item: unknown = list[index];
      if (!isRecord(item) || typeof item['status'] !== 'string' || !over.has(item['status'].trim().toLowerCase())) continue;
      removed.unshift(`${key}: ${label(item)} is ${item['status']}`);
      list.splice(index, 1);
    }
  };
  removeFrom('active_mrs', MERGED, ({ id, title }) => `merge request ${String(id)} (${String(title)})`);
  removeFrom('active_issues', DONE, ({ key: issue }) => `issue ${String(issue)}`);
  if (isInvestigationOver(content, now)) {
    content['investigation'] = null;
    removed.push(`${key}: the investigation is over`);
  }
  return removed;
}

/** A log's day is over at the end of it, in this machine's time zone. */
function isOlder(key: string, oldest: number): boolean {
  const [year = 0, month = 1, day = 1] = key.slice('sessions/'.length).split('-').map(Number);
  return new Date(year, month - 1, day + 1).getTime() <= oldest;
}
