import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderContent, versionOf } from './content.ts';
import { startParticipant } from './participant.ts';
import { hashOfFile, repair, type RendererName } from './render.ts';
import { commitNext, openShared, readHead, readRendered } from './shared-database.ts';

/** What a render does to the disk; a counter of strace counts one kind of call. */
const SYSTEM_CALLS = ['openat', 'write', 'pwrite64', 'fsync', 'fdatasync', 'rename'];
const STEPS = ['staged', 'announced', 'locked', 'renamed'];
const OWNER = 'traced';

/** Without strace a render can only be killed between its steps. */
export const hasStrace = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0;

/**
 * Kills a render at the 1st, 2nd, ... system call of each kind that touches its files, until it runs through. After each, the
 * file is the old or the new version in full, and the next open renders the new one.
 */
export async function checkKillAtEveryStep(directory: string, renderer: RendererName): Promise<string> {
  const found = { kills: 0, old: 0, new: 0, unknown: 0 };
  if (hasStrace) {
    for (const call of SYSTEM_CALLS) {
      for (let n = 1; await isKilled(directory, renderer, found, traced(directory, renderer, call, n)); n++);
    }
  } else {
    for (const step of STEPS)
      await isKilled(directory, renderer, found, () => startParticipant(directory, renderer, 'die-at', step).answer);
  }
  return (
    `${renderer}: killed at ${found.kills} ${hasStrace ? 'system calls' : 'steps (there is no strace here)'}: old file ${found.old}, new file ${found.new}, always in full; ` +
    `a new file that the database knew nothing of: ${found.unknown}`
  );
}

/** One render in a process that may be killed, and what is there afterwards. */
async function isKilled(
  directory: string,
  renderer: RendererName,
  found: { kills: number; old: number; new: number; unknown: number },
  start: () => Promise<unknown>,
): Promise<boolean> {
  const before = openShared(directory);
  repair(before);
  commitNext(before.db);
  const { version, bytes } = readHead(before.db);
  before.db.close();
  try {
    await start();
    return false;
  } catch (error) {
    assert.match(String(error), /SIGKILL|137/);
  }
  found.kills++;
  const seen = versionOf(readFileSync(before.file, 'utf8'));
  assert.ok(seen === version || seen === version - 1, `a file of version ${seen}`);
  assert.equal(hashOfFile(before.file), renderContent(seen, bytes).hash, `${renderer}: in full`);
  found[seen === version ? 'new' : 'old']++;

  const after = openShared(directory);
  const { hash, next_hash } = readRendered(after.db);
  if (![hash, next_hash].includes(hashOfFile(after.file))) found.unknown++;
  repair(after);
  assert.equal(versionOf(readFileSync(after.file, 'utf8')), version, 'the next open renders again');
  assert.equal(readRendered(after.db).hash, hashOfFile(after.file));
  after.db.close();
  return true;
}

function traced(directory: string, renderer: RendererName, call: string, n: number): () => Promise<unknown> {
  const files = ['state.db', 'state.db-wal', 'state.json', '.state.json.tmp', `.state.json.${OWNER}.tmp`].map((name) =>
    join(directory, name),
  );
  const tracer = [
    'strace',
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    ...[directory, ...files].flatMap((path) => ['-P', path]),
    '-e',
    `trace=${call}`,
    '-e',
    `inject=${call}:signal=KILL:when=${n}`,
  ];
  return () => startParticipant(directory, renderer, 'once', OWNER, tracer).answer;
}
