import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { renderContent } from './content.ts';
import { renameSynced, writeSynced } from './durable-file.ts';
import { locked, readHead, readRendered, type Shared } from './shared-database.ts';

/** Called between the steps of a render, so that a check can stop or kill the process there. */
export type OnStep = (step: 'staged' | 'announced' | 'locked' | 'renamed') => void;

/** Answers how long the write lock was held in all, and whether the file was replaced. */
export interface RenderResult {
  readonly heldMs: number;
  readonly isReplaced: boolean;
}

export type Render = (shared: Shared, onStep?: OnStep) => RenderResult;

/** Three ways to bring the file to the newest version. */
export const renderers = { 'all-inside': renderInside, staged: renderStaged, announced: renderAnnounced } as const satisfies Record<
  string,
  Render
>;
export type RendererName = keyof typeof renderers;

/** Everything under the lock: what is written is the head, so nothing else needs to be checked. */
function renderInside({ db, directory, file }: Shared, onStep: OnStep = () => undefined, isForced = false): RenderResult {
  const { result, heldMs } = locked(db, () => {
    onStep('locked');
    const { version, bytes } = readHead(db);
    if (version === readRendered(db).version && !isForced) return false;
    const { text, hash } = renderContent(version, bytes);
    const temporary = join(directory, '.state.json.tmp');
    writeSynced(temporary, text);
    renameSynced(temporary, file, directory);
    onStep('renamed');
    recordRendered(db, version, hash);
    return true;
  });
  return { heldMs, isReplaced: result };
}

/** Content is written before the lock is taken; under it the file is replaced, unless a newer version was rendered meanwhile. */
function renderStaged(shared: Shared, onStep: OnStep = () => undefined): RenderResult {
  const { db, directory, file } = shared;
  const { version, hash, temporary } = stage(shared);
  onStep('staged');
  const { result, heldMs } = locked(db, () => {
    onStep('locked');
    if (readRendered(db).version >= version) return false;
    renameSynced(temporary, file, directory);
    onStep('renamed');
    recordRendered(db, version, hash);
    return true;
  });
  if (!result) rmSync(temporary, { force: true });
  return { heldMs, isReplaced: result };
}

/**
 * As staged, but the database is told what will be in the file before it is: whatever happens between the rename and the
 * record, the file holds what one of the two hashes says, and nothing older is put over it.
 */
function renderAnnounced(shared: Shared, onStep: OnStep = () => undefined): RenderResult {
  const { db, directory, file } = shared;
  const { version, hash, temporary } = stage(shared);
  onStep('staged');
  const announcing = locked(db, () => {
    const rendered = readRendered(db);
    if (rendered.version >= version || rendered.next_version > version) return false;
    // Who announced before died. If its rename came through, that is what the file holds, and must not be forgotten.
    const isUnsettled = rendered.next_version !== rendered.version;
    if (isUnsettled && hashOfFile(file) === rendered.next_hash) recordRendered(db, rendered.next_version, rendered.next_hash);
    db.prepare('UPDATE rendered SET next_version = ?, next_hash = ?').run(version, hash);
    return true;
  });
  onStep('announced');
  const replacing = locked(db, () => {
    onStep('locked');
    const rendered = readRendered(db);
    if (!announcing.result || rendered.version >= version || rendered.next_version !== version) return false;
    renameSynced(temporary, file, directory);
    onStep('renamed');
    recordRendered(db, version, hash);
    return true;
  });
  if (!replacing.result) rmSync(temporary, { force: true });
  return { heldMs: Math.max(announcing.heldMs, replacing.heldMs), isReplaced: replacing.result };
}

/** What opening a store does: clears what a dead process left, and renders unless the file is what the record says. */
export function repair(shared: Shared): void {
  const { db, directory, file } = shared;
  const { result: isCurrent } = locked(db, () => {
    for (const name of readdirSync(directory)) if (name.endsWith('.tmp')) rmSync(join(directory, name));
    const { version, hash, next_version } = readRendered(db);
    return version === readHead(db).version && next_version === version && hashOfFile(file) === hash;
  });
  if (!isCurrent) renderInside(shared, undefined, true);
}

/** The hash of what the file holds; empty when there is no file. */
export function hashOfFile(file: string): string {
  try {
    return createHash('sha256').update(readFileSync(file)).digest('hex');
  } catch {
    return '';
  }
}

function stage({ db, directory, owner }: Shared): { readonly version: number; readonly hash: string; readonly temporary: string } {
  const { version, bytes } = readHead(db);
  const { text, hash } = renderContent(version, bytes);
  const temporary = join(directory, `.state.json.${owner}.tmp`);
  writeSynced(temporary, text);
  return { version, hash, temporary };
}

function recordRendered(db: Shared['db'], version: number, hash: string): void {
  db.prepare('UPDATE rendered SET version = ?1, hash = ?2, next_version = ?1, next_hash = ?2').run(version, hash);
}
