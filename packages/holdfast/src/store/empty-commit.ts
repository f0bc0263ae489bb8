import { randomUUID } from 'node:crypto';
import type { Commit } from './commit.ts';

/** A commit under an id of its own that writes nothing yet. */
export function emptyCommit(): Commit {
  return {
    commitId: randomUUID(),
    durability: 'written',
    meta: {},
    creates: [],
    expects: [],
    requires: [],
    changes: [],
    puts: [],
    deletes: [],
    touch: [],
    drops: [],
  };
}
