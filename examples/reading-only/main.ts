// A dashboard reads and follows a store that another program writes, and cannot change a byte of it. It shows how much is stored, too.
import assert from 'node:assert/strict';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';

const Tab = defineState({ name: 'tab', scope: 'conversation', schema: z.strictObject({ total: z.int() }), initial: { total: 0 } });

await using directory = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const file = join(directory.path, 'bar.db');
await using bar = await StateManager.open({ store: sqlite(file) });
const tab = await bar.conversation('anna').get(Tab);
for (const price of [5, 13, 8]) await tab.update((draft) => void (draft.total += price), { actor: 'maya' });

await using dashboard = await StateManager.open({ store: sqlite(file), readOnly: true });
const seen = await dashboard.conversation('anna').get(Tab);
assert.equal(seen.current.total, 26);

// It follows what is written from now on.
const news = Promise.withResolvers<number>();
seen.subscribe(({ total }) => total, news.resolve);
await tab.update((draft) => void (draft.total += 4), { actor: 'maya' });
assert.equal(await news.promise, 30);
const actors = (await Array.fromAsync(seen.history())).map(({ actor }) => actor);
assert.deepEqual(actors, ['maya', 'maya', 'maya', 'maya']);
console.log('read, followed, and told who did what');

await assert.rejects(
  seen.update((draft) => void (draft.total = 0)),
  { code: 'INVALID_ARGUMENT' },
);
await assert.rejects(dashboard.conversation('anna').checkpoint('mine'), { code: 'INVALID_ARGUMENT' });
assert.equal((await tab.refresh()).total, 30);
console.log('every write was refused at once');

const { total, history } = await dashboard.conversation('anna').du();
assert.ok(total.bytes > 0 && history.records === 4);
console.log(`anna’s tab: ${history.records} changes, ${total.bytes} bytes in all`);
