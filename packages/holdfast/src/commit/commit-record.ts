import { randomUUID } from 'node:crypto';
import type { Commit } from '../store/index.ts';

/** A commit that writes nothing yet, with an id of its own. */
export function emptyCommit(): Commit {
  return { commitId: randomUUID(), durability: 'written', meta: {}, creates: [], expects: [], requires: [], changes: [], puts: [], deletes: [], touch: [], drops: [] };
}

/** Whether the store keeps the commit in its log; others are only checked. */
export function leavesTrace(commit: Commit): boolean {
  return (
    commit.creates.length > 0 ||
    commit.changes.length > 0 ||
    commit.puts.length > 0 ||
    commit.deletes.length > 0 ||
    commit.drops.length > 0 ||
    commit.idempotency !== undefined
  );
}
