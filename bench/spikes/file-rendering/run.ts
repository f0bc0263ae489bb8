import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkKillAtEveryStep, hasStrace } from './check-crash.ts';
import { checkRace, checkStaleContent, checkStoppedHolder, checkTwoCrashes, goesBackAfterCrash } from './check-processes.ts';
import { measure } from './measure.ts';
import { renderers, repair, type RendererName } from './render.ts';
import { commitNext, openShared, type Shared } from './shared-database.ts';

if (!hasStrace) console.log('strace is not here: kills happen between the steps only');
const names = Object.keys(renderers) as RendererName[];
for (const name of names) {
  console.log(await withShared((shared) => checkRace(shared, name)));
  console.log(await withShared((shared) => checkStoppedHolder(shared, name)));
  if (name !== 'staged') console.log(await withShared(({ directory, db }) => (db.close(), checkKillAtEveryStep(directory, name))));
  if (name === 'all-inside') continue;
  console.log(await withShared((shared) => checkStaleContent(shared, name)));
  const goesBack = await withShared((shared) => goesBackAfterCrash(shared, name));
  assert.equal(goesBack, name === 'staged', 'only what was announced is known after a crash');
  console.log(`${name}: after a crash between rename and record an older file ${goesBack ? 'CAN' : 'cannot'} come back`);
}
console.log(await withShared(checkTwoCrashes));
console.log(await withShared(measure));

async function withShared<Result>(use: (shared: Shared) => Promise<Result>): Promise<Result> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-rendering-'));
  const shared = openShared(directory);
  try {
    commitNext(shared.db);
    repair(shared);
    return await use(shared);
  } finally {
    if (shared.db.isOpen) shared.db.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
