import type { Commit } from './commit.ts';
import { newCommitId } from './commit-id.ts';

/** A commit under an id of its own that writes nothing yet. */
export function emptyCommit(): Commit {
  return {
    commitId: newCommitId(),
    durability: 'written',
    meta: {},
    creates: [],
    absent: [],
    expects: [],
    requires: [],
    changes: [],
    puts: [],
    deletes: [],
    touch: [],
    drops: [],
  };
}
