import { entityName } from '../scope/index.ts';
import type { ForkTree } from './fork-tree.ts';
import type { RenderOptions } from './render-timeline.ts';
import { aligned, visibleText, visibleTime, visibleVersions } from './visible-text.ts';

/** A tree of forks as plain text, one entity a line: its name, its versions now, where it branched, and when. */
export function renderTree(tree: ForkTree, options: RenderOptions = {}): string {
  return aligned(rowsOf(tree, { own: '', below: '' }, options));
}

/** `own` stands before the entity's name, `below` before those of its forks. */
function rowsOf(
  { entity, versions, branch, at, forks }: ForkTree,
  lines: { readonly own: string; readonly below: string },
  { now }: RenderOptions,
): readonly (readonly string[])[] {
  const name = lines.own + visibleText(entityName(entity));
  const from = branch ? fromOf(branch, lines.own === '') : '';
  const row = [name, visibleVersions(versions), from, at === undefined ? '' : visibleTime(at, now)];
  const below = forks.flatMap((fork, index) => {
    const isLast = index === forks.length - 1;
    const next = { own: `${lines.below}${isLast ? '└─ ' : '├─ '}`, below: `${lines.below}${isLast ? '   ' : '│  '}` };
    return rowsOf(fork, next, now === undefined ? {} : { now });
  });
  return [row, ...below];
}

/** A root that has a branch lost its original: that one is named. */
function fromOf({ from, versions, checkpoint }: NonNullable<ForkTree['branch']>, isRoot: boolean): string {
  const original = isRoot ? `${visibleText(entityName(from))} (deleted), ` : '';
  const place = checkpoint === undefined ? '' : ` ◆ ${visibleText(checkpoint)}`;
  return `from ${original}${visibleVersions(versions)}${place}`;
}
