import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { versionOf } from './content.ts';
import { startParticipant, stopped } from './participant.ts';
import { hashOfFile, renderers, repair, type RendererName } from './render.ts';
import { commitNext, isBusy, readHead, readRendered, type Shared } from './shared-database.ts';

const COMMITS = 150;
const STOP_MS = 1_000;

/** Two processes commit and render, a third one reads: never half a file, never an older one. */
export async function checkRace({ directory, db, file }: Shared, renderer: RendererName): Promise<string> {
  db.exec('UPDATE head SET bytes = 20000');
  const target = readHead(db).version + 2 * COMMITS;
  const reader = startParticipant(directory, renderer, 'watch', String(target));
  const writers = [1, 2].map(() => startParticipant(directory, renderer, 'race', String(COMMITS)));
  const replaced = ((await Promise.all(writers.map(({ answer }) => answer))) as { replaced: number }[]).map((done) => done.replaced);
  const { reads } = (await reader.answer) as { reads: number };
  assert.equal(versionOf(readFileSync(file, 'utf8')), target);
  assert.ok(
    replaced.every((count) => count > 0),
    'both processes rendered',
  );
  return `${renderer}: 2 x ${COMMITS} commits, ${replaced.join(' + ')} renders, ${reads} reads: whole and never older`;
}

/** The holder of the lock is stopped in the middle of a render, before and after the rename. */
export async function checkStoppedHolder(shared: Shared, renderer: RendererName): Promise<string> {
  const { directory, db, file } = shared;
  const waits: number[] = [];
  for (const step of ['locked', 'renamed'] as const) {
    repair(shared);
    commitNext(db);
    const version = readHead(db).version;
    const holder = startParticipant(directory, renderer, 'stop-at', step);
    await stopped(holder);
    assert.throws(() => db.exec('BEGIN IMMEDIATE'), isBusy);
    const other = startParticipant(directory, renderer, 'commit-and-render');
    await other.begins;
    await delay(STOP_MS);
    assert.equal(versionOf(readFileSync(file, 'utf8')), step === 'locked' ? version - 1 : version, 'nobody else replaced the file');
    assert.equal(readHead(db).version, version, 'nobody else committed');
    holder.child.kill('SIGCONT');
    const [, { committedMs }] = (await Promise.all([holder.answer, other.answer])) as [unknown, { committedMs: number }];
    waits.push(committedMs);
    assert.equal(versionOf(readFileSync(file, 'utf8')), version + 1);
    assert.equal(readRendered(db).version, version + 1);
  }
  assert.ok(
    waits.every((ms) => ms >= STOP_MS * 0.9),
    'the other one waited',
  );
  return `${renderer}: lock holder stopped for 1 s before and after its rename: the other waited ${waits.map((ms) => Math.round(ms)).join(' and ')} ms, no stale write`;
}

/** Somebody who staged a version is stopped without the lock, while another renders a newer one. */
export async function checkStaleContent(shared: Shared, renderer: 'staged' | 'announced'): Promise<string> {
  const { directory, db, file } = shared;
  repair(shared);
  commitNext(db);
  const sleeper = startParticipant(directory, renderer, 'stop-at', 'staged');
  await stopped(sleeper);
  commitNext(db);
  assert.ok(renderers[renderer](shared).isReplaced);
  sleeper.child.kill('SIGCONT');
  assert.equal(((await sleeper.answer) as { isReplaced: boolean }).isReplaced, false);
  assert.equal(versionOf(readFileSync(file, 'utf8')), readHead(db).version);
  return `${renderer}: who wakes up with an older version in hand throws it away`;
}

/** As before, but whoever renders the newer version dies between its rename and its record. Answers whether the file went back. */
export async function goesBackAfterCrash(shared: Shared, renderer: 'staged' | 'announced'): Promise<boolean> {
  const { directory, db, file } = shared;
  repair(shared);
  commitNext(db);
  const sleeper = startParticipant(directory, renderer, 'stop-at', 'staged');
  await stopped(sleeper);
  commitNext(db);
  await assert.rejects(startParticipant(directory, renderer, 'die-at', 'renamed').answer, /SIGKILL/);
  const version = versionOf(readFileSync(file, 'utf8'));
  assert.equal(version, readHead(db).version);
  sleeper.child.kill('SIGCONT');
  await sleeper.answer;
  return versionOf(readFileSync(file, 'utf8')) < version;
}

/** Two processes die one after the other, the first behind its rename, the second behind its announcement: the file is still known. */
export async function checkTwoCrashes(shared: Shared): Promise<string> {
  const { directory, db, file } = shared;
  for (const step of ['renamed', 'announced'] as const) {
    commitNext(db);
    await assert.rejects(startParticipant(directory, 'announced', 'die-at', step).answer, /SIGKILL/);
  }
  const { version, hash, next_version } = readRendered(db);
  assert.equal(hash, hashOfFile(file));
  assert.equal(version, versionOf(readFileSync(file, 'utf8')));
  assert.equal(next_version, version + 1);
  assert.ok(renderers.announced(shared).isReplaced, 'whoever renders next goes on from there');
  assert.equal(versionOf(readFileSync(file, 'utf8')), readHead(db).version);
  return 'announced: two crashes in a row, behind a rename and behind an announcement: what the file holds is known, and rendering goes on';
}
