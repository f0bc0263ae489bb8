// `synced` survives a power cut, `written` the death of the process and is cheaper: a killed process has lost neither.
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { Glances, Sales } from './states.ts';

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const path = join(directory.path, 'bar.db');

const child = fork(join(import.meta.dirname, 'count-and-die.ts'), [path]);
assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL']);

await using state = await StateManager.open({ store: sqlite(path) });
const bar = state.team('bar');
const [sales, glances] = [await bar.get(Sales), await bar.get(Glances)];
assert.deepEqual([sales.current.count, glances.current.count], [50, 50]);
console.log(`after kill -9: ${sales.current.count} sales, ${glances.current.count} glances`);

// A commit over both is as durable as the stricter of them, and carries everything written before it to the disk.
await state.transaction([sales, glances], (drafts) => {
  for (const draft of drafts) draft.count += 1;
});
assert.deepEqual([sales.version, glances.version], [51, 51]);
console.log(`one commit over both: version ${sales.version} of each`);
