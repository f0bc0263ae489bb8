import type { Commit } from './commit.ts';

/** The entities that must be there for the commit, eids and refs alike; those it creates itself are among them if it also uses them. */
export function mentionedEids(commit: Commit): ReadonlySet<number> {
  const eids = new Set<number>();
  findMentioned(commit, (eid) => {
    eids.add(eid);
    return false;
  });
  return eids;
}

/** The first of {@link mentionedEids} for which `holds` is true; asks for some of them more than once. */
export function findMentioned(commit: Commit, holds: (eid: number) => boolean): number | undefined {
  const { drops, idempotency, creates, expects, requires, changes, puts, deletes, touch } = commit;
  for (const eid of drops) if (holds(eid)) return eid;
  if (idempotency && holds(idempotency.eid)) return idempotency.eid;
  for (const { parent } of creates) if (parent !== undefined && holds(parent)) return parent;
  for (const list of [expects, requires, changes, puts, deletes, touch]) for (const { eid } of list) if (holds(eid)) return eid;
  return undefined;
}

/** Whether the commit gets a seq and a place in the log: those that only check, or only move an expiry, do not. */
export function leavesTrace({ creates, changes, puts, deletes, drops, idempotency }: Commit): boolean {
  return idempotency !== undefined || creates.length + changes.length + puts.length + deletes.length + drops.length > 0;
}
