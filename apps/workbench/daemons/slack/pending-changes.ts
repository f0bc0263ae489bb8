import type { Draft, Transaction } from 'holdfast';
import { WorkbenchError } from '../../workbench-error.ts';
import { isoTime } from '../../zoned-time.ts';
import { MOST_PENDING, type PendingDraft, type PendingMessage, type PendingStatus } from './pending-state.ts';
import type { OutgoingMessage } from './slack-message.ts';

/** So long after a message was sent, rejected or skipped it is forgotten. */
const KEPT_MS = 86_400_000;

/** @throws {WorkbenchError} REFUSED when too many wait. */
export function propose(pending: PendingDraft, id: string, message: OutgoingMessage, reason: string, tx: Transaction): void {
  if (Object.keys(pending.messages).length >= MOST_PENDING)
    throw new WorkbenchError('REFUSED', `${MOST_PENDING} messages wait already: approve, reject or skip some first.`);
  pending.messages[id] = {
    ...message,
    status: 'pending',
    created_at: isoTime(tx.now),
    done_at: null,
    reason: reason || null,
    sending: null,
    error: null,
    ts: null,
  };
}

/** A person says that it may be sent. Doing so twice changes nothing. */
export function approve(pending: PendingDraft, id: string): void {
  const message = messageIn(pending, id, ['pending', 'approved', 'rejected', 'skipped']);
  if (message.status !== 'approved') Object.assign(message, { status: 'approved', done_at: null, error: null, sending: null });
}

/** It is not sent. One that is being sent cannot be held back any more. */
export function refuse(pending: PendingDraft, id: string, status: 'rejected' | 'skipped', reason: string, tx: Transaction): void {
  const message = messageIn(pending, id, ['pending', 'approved', status]);
  if (message.status === status) return;
  if (message.sending !== null) throw new WorkbenchError('REFUSED', `Message ${id} is being sent: it cannot be held back any more.`);
  Object.assign(message, { status, reason: reason || message.reason, done_at: isoTime(tx.now) });
}

export function wasSent(pending: PendingDraft, sending: string, ts: string, tx: Transaction): void {
  const message = sentAs(pending, sending);
  if (message) Object.assign(message, { status: 'sent', ts, error: null, done_at: isoTime(tx.now) });
}

/** It certainly was not sent: somebody decides again. */
export function wasRefused(pending: PendingDraft, sending: string, error: string): void {
  const message = sentAs(pending, sending);
  if (message) Object.assign(message, { status: 'pending', sending: null, error });
}

/** Nobody knows whether it was sent: that is being found out. */
export function isUnclear(pending: PendingDraft, sending: string, error: string): void {
  const message = sentAs(pending, sending);
  if (message) message.error = error;
}

/** Forgets what was dealt with a day ago. */
export function purge(pending: PendingDraft, now: number): void {
  for (const [id, { status, done_at }] of Object.entries(pending.messages)) {
    const isDone = status === 'sent' || status === 'rejected' || status === 'skipped';
    if (isDone && done_at !== null && Date.parse(done_at) <= now - KEPT_MS) delete pending.messages[id];
  }
}

function sentAs(pending: PendingDraft, sending: string): Draft<PendingMessage> | undefined {
  const found = Object.entries(pending.messages).find(([, message]) => message.sending === sending && message.status === 'approved');
  return found && pending.messages[found[0]];
}

/** @throws {WorkbenchError} NOT_FOUND; REFUSED when it has another status than those. */
function messageIn(pending: PendingDraft, id: string, statuses: readonly PendingStatus[]): Draft<PendingMessage> {
  const message = Object.hasOwn(pending.messages, id) ? pending.messages[id] : undefined;
  if (!message) throw new WorkbenchError('NOT_FOUND', `There is no message ${id}: list those that wait.`);
  if (!statuses.includes(message.status))
    throw new WorkbenchError('REFUSED', `Message ${id} is ${message.status}; this takes one that is ${statuses.join(', ')}.`);
  return message;
}
