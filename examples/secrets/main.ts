// A provider's key is stored as a secret: encrypted in the file, a fingerprint wherever it is printed. The master key is rotated, and erasing
// a subject destroys the key of its secrets.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineState, keyFile, Secret, StateManager } from 'holdfast';
import { sqlite } from 'holdfast/sqlite';
import { z } from 'zod';

const Providers = defineState({
  name: 'providers',
  scope: 'team',
  schema: z.strictObject({ providers: z.record(z.string(), z.strictObject({ model: z.string(), key: z.instanceof(Secret).nullable() })) }),
  initial: { providers: {} },
  secrets: ['providers.*.key'], // A Secret or null may stand here, and a Secret nowhere else.
});

await using temporary = await mkdtempDisposable(join(tmpdir(), 'holdfast-'));
const directory = temporary.path;
const keys = keyFile(join(directory, 'master.key')); // In earnest: not beside the database, and not in its backups.
await using state = await StateManager.open({ store: sqlite(join(directory, 'bar.db')), keys });
const bar = state.team('bar');
const config = await bar.get(Providers);

await config.update((draft) => {
  draft.providers['gemini'] = { model: 'flash', key: Secret.of('AIza-not-for-your-eyes') };
});
const gemini = config.current.providers['gemini'];
assert.equal(gemini?.key?.reveal(), 'AIza-not-for-your-eyes');
assert.match(JSON.stringify(gemini), /^\{"model":"flash","key":"\[secret [0-9a-f]{8}\]"\}$/);
for (const file of readdirSync(directory)) assert.ok(!readFileSync(join(directory, file)).includes('not-for-your-eyes'));
console.log('revealed to those who ask, printed as', gemini.key);

await assert.rejects(
  config.update((draft) => {
    draft.providers['openai'] = { model: 'mini', key: 'sk-pasted' as unknown as Secret };
  }),
  {
    code: 'VALIDATION_FAILED',
    data: {
      entity: 'team:bar',
      state: 'providers',
      issues: [{ path: ['providers', 'openai', 'key'], message: 'a secret belongs here, as Secret.of(text), or null' }],
    },
  },
);
console.log('a plain text where a secret belongs: refused');

const fork = await (await bar.fork()).get(Providers);
assert.equal(fork.current.providers['gemini']?.key, null);
console.log('a fork has no secrets, unless it is told to copy them');

await keys.addKey();
assert.deepEqual(await state.rotateKeys(), { rotated: 1, unreadable: [] });
assert.equal(gemini.key?.reveal(), 'AIza-not-for-your-eyes');
console.log('the master key was rotated: one data key wrapped anew, no secret touched');

for await (const { entity, states } of state.export('team:bar'))
  console.log(`${entity.scope}:${entity.id}`, JSON.stringify(states['providers']?.value));
const receipt = await state.erase('team:bar');
assert.equal(receipt.entities, 2); // The fork went too.
assert.equal(await bar.exists(), false);
assert.throws(() => gemini.key?.reveal(), { code: 'SECRET_UNREADABLE' });
console.log('erased: even who still holds the secret cannot open it');
