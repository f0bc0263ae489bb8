import type { Change, PatchRun } from './records.ts';

/** So many patches are one run at most: its text, and what is parsed of it, are in memory at once. */
export const MAX_RUN = 256;

/** Between the patches of a run. */
export const BETWEEN_PATCHES = ',\n';

/** The runs of changes of kind `patch`, which follow one another. */
export function patchRuns(changes: readonly Change[]): readonly PatchRun[] {
  const runs: PatchRun[] = [];
  let bodies: string[] = [];
  for (const [index, { version, defVersion, body }] of changes.entries()) {
    bodies.push(body);
    if (bodies.length < MAX_RUN && changes[index + 1]?.defVersion === defVersion) continue;
    runs.push({ version, count: bodies.length, defVersion, text: `[${bodies.join(BETWEEN_PATCHES)}]` });
    bodies = [];
  }
  return runs;
}

/** What each of a run's patches holds. One parse of all costs less than one of each. */
export function parsedPatches({ text, count }: PatchRun): readonly unknown[] {
  const patches = JSON.parse(text) as unknown[];
  if (patches.length !== count) throw new SyntaxError(`A run of ${count} patches holds ${patches.length}.`);
  return patches;
}

/** The bodies of a run's changes; of one that has line ends of its own, as `JSON.stringify` writes them. */
export function bodiesOf(run: PatchRun): readonly string[] {
  const bodies = run.text.slice(1, -1).split(BETWEEN_PATCHES);
  return bodies.length === run.count ? bodies : parsedPatches(run).map((each) => JSON.stringify(each));
}

/** How many characters the bodies of a run's changes have. */
export function lengthOf({ text, count }: PatchRun): number {
  return text.length - BETWEEN_PATCHES.length * (count - 1) - '[]'.length;
}
