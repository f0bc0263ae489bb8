import { writeSync } from 'node:fs';
import { sqlite } from 'holdfast/sqlite';
import { isHoldfastError } from '../../src/errors/index.ts';
import type { Commit } from 'holdfast/store';
import { commitOf } from './store-records.ts';

/** Writes version after version of the state `list`, says what came of each try, and asks again after an unknown outcome as the engine does. */
const [path, eidText, fromText, commitsText] = process.argv.slice(2) as [string, string, string, string];
const [eid, from, commits] = [Number(eidText), Number(fromText), Number(commitsText)];
const store = sqlite(path);

async function attempt(commit: Commit): Promise<string> {
  try {
    const result = await store.commit([commit]);
    return result.ok || result.refusal.kind === 'already' ? 'written' : result.refusal.kind;
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return isHoldfastError(error, 'STORE_UNAVAILABLE') ? error.data.outcome : error.code;
  }
}

async function openOr(): Promise<string> {
  try {
    await store.open();
    return 'open';
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return error.code;
  }
}

let opened = await openOr();
for (let tries = 0; opened !== 'open' && tries < 5; tries += 1) opened = await openOr();
for (let version = from; version < from + commits; version += 1) {
  const commit = commitOf({
    expects: [{ eid, state: 'list', version: version - 1 }],
    changes: [{ eid, state: 'list', version, defVersion: 1, kind: 'patch', body: `[${version}]` }],
  });
  for (let outcome = ''; outcome !== 'written';) {
    outcome = await attempt(commit);
    writeSync(1, `${version} ${outcome}\n`);
    if (outcome === 'conflict') throw new Error(`version ${version} was written although that was denied`);
  }
}
await store.close();
