import type { LogFilter } from './port.ts';
import type { LoggedCommit } from './records.ts';

/** What of the commits passes, without those of which nothing does; see {@link LogFilter}. */
export function passing(commits: readonly LoggedCommit[], filter: LogFilter): readonly LoggedCommit[] {
  const { scope, eid, state } = filter;
  if (scope === undefined && eid === undefined && state === undefined) return commits;
  const isOf = (entity: { readonly scope: string; readonly eid: number }): boolean =>
    (scope === undefined || scope === entity.scope) && (eid === undefined || eid === entity.eid);
  return commits
    .map((commit) => ({
      ...commit,
      changes: commit.changes.filter((change) => isOf(change) && (state === undefined || state === change.state)),
      drops: commit.drops.filter(isOf),
    }))
    .filter(({ changes, drops }) => changes.length + drops.length > 0);
}
