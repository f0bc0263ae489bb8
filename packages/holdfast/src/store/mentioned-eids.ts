import type { Commit } from './commit.ts';

/** The entities that must be there for the commit, eids and refs alike; those it creates itself are among them if it also uses them. */
export function mentionedEids(commit: Commit): ReadonlySet<number> {
  const eids = new Set<number>(commit.drops);
  if (commit.idempotency) eids.add(commit.idempotency.eid);
  for (const { parent } of commit.creates) if (parent !== undefined) eids.add(parent);
  for (const list of [commit.expects, commit.requires, commit.changes, commit.puts, commit.deletes, commit.touch])
    for (const { eid } of list) eids.add(eid);
  return eids;
}

/** Whether the commit gets a seq and a place in the log: those that only check, or only move an expiry, do not. */
export function leavesTrace({ creates, changes, puts, deletes, drops, idempotency }: Commit): boolean {
  return idempotency !== undefined || creates.length + changes.length + puts.length + deletes.length + drops.length > 0;
}
