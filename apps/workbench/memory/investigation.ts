import { isRecord } from '../json-value.ts';
import type { Content } from './document-kinds.ts';

/** What one chat found out is of use to the others for so long. */
const INVESTIGATION_MS = 3_600_000;

interface Investigation {
  started_at?: string | null;
  expires_at?: string | null;
}

/** The shared context as it is read: an investigation that is over is null. */
export function shownInvestigation(content: Content, now: number): Content {
  const investigation = investigationOf(content);
  return investigation && isOver(investigation, now) ? { ...(content as Record<string, unknown>), investigation: null } : content;
}

/** Whether there is one, and its time has come. */
export function isInvestigationOver(content: Content, now: number): boolean {
  const investigation = investigationOf(content);
  return investigation !== undefined && isOver(investigation, now);
}

/** An investigation that was begun or changed lives for its time from now on. `was` is the content before. */
export function stampInvestigation(content: Content, was: Content | undefined, now: number): void {
  const investigation = investigationOf(content);
  if (!investigation) return;
  const before = was && investigationOf(was);
  if (before && JSON.stringify(before) === JSON.stringify(investigation)) return;
  investigation.started_at ??= new Date(now).toISOString();
  investigation.expires_at = new Date(now + INVESTIGATION_MS).toISOString();
}

function isOver({ started_at: startedAt, expires_at: expiresAt }: Investigation, now: number): boolean {
  const end = expiresAt ? Date.parse(expiresAt) : Date.parse(startedAt ?? '') + INVESTIGATION_MS;
  return Number.isNaN(end) || end <= now;
}

function investigationOf(content: Content): Investigation | undefined {
  const investigation = Array.isArray(content) ? undefined : content['investigation'];
  return isRecord(investigation) ? investigation : undefined;
}
