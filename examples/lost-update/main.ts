// Two processes add to one counter at the same time and no addition is lost; with `expectedVersion`, the one who comes late is told.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Counter } from './counter.ts';

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const path = join(directory.path, 'counter.db');

await using state = await StateManager.open({ store: sqlite(path) });
const counter = await state.global().get(Counter);

const other = fork(join(import.meta.dirname, 'add.ts'), [path, '50']);
const otherEnded = once(other, 'exit');
await once(other, 'message'); // It has opened the database.
let runs = 0;
for (let times = 0; times < 50; times++) {
  await counter.update((draft) => {
    runs += 1; // A recipe runs again on the newer value when another process was first.
    draft.count += 1;
  });
}
assert.deepEqual(await otherEnded, [0, null]);

assert.deepEqual(await counter.refresh(), { count: 100 });
assert.equal(counter.version, 100);
console.log(`two processes added 50 each: ${counter.current.count} (our recipe ran ${runs} times for 50 commits)`);

// A form shows version 100; before it is sent, somebody else changes the state.
const shown = counter.version;
await counter.update((draft) => void (draft.count = 0));
const sent = counter.update((draft) => void (draft.count = 999), { expectedVersion: shown });
await assert.rejects(sent, {
  code: 'CONCURRENT_MODIFICATION',
  data: { entity: 'global', state: 'counter', expectedVersion: 100, actualVersion: 101 },
});
assert.equal(counter.current.count, 0);
console.log(`an update that expects version ${shown} is refused at version ${counter.version}`);
