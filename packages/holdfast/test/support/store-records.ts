import { emptyCommit, type Commit } from 'holdfast/store';

export { patchesOf } from '../../src/conformance/records.ts';

/** A commit that writes nothing but what is given. */
export function commitOf(parts: Partial<Commit>): Commit {
  return { ...emptyCommit(), durability: 'synced', ...parts };
}

/** A commit that creates the entity `team:<id>` with version 1 of the state `list`. */
export function creation(id: string): Commit {
  return commitOf({
    creates: [{ ref: -1, scope: 'team', id }],
    changes: [{ eid: -1, state: 'list', version: 1, defVersion: 1, kind: 'full', body: '[1]' }],
  });
}
