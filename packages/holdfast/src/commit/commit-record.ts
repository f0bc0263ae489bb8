import { randomUUID } from 'node:crypto';
import type { Commit } from '../store/index.ts';

/** A commit that writes nothing yet, with an id of its own. */
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
