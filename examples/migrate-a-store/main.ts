// A dry run says what a new version would do to everything that is stored; the real one does it, and puts aside what it cannot migrate.
import assert from 'node:assert/strict';
import { defineState, isHoldfastError, StateManager } from 'holdfast';
import { memory } from 'holdfast/memory';
import { z } from 'zod';

const TabV1 = defineState({
  name: 'tab',
  scope: 'conversation',
  schema: z.strictObject({ total: z.string() }),
  initial: { total: '0.00' },
});

/** Version 2 counts in cents. */
const tabV2 = (toCents: (total: string) => number) =>
  defineState({
    name: 'tab',
    scope: 'conversation',
    version: 2,
    schema: z.strictObject({ cents: z.int() }),
    initial: { cents: 0 },
    migrations: { 2: ({ total }: { total: string }) => ({ cents: toCents(total) }) },
  });
const Tab = tabV2((total) => Math.round(Number(total) * 100));

const store = memory();
{
  await using state = await StateManager.open({ store });
  for (const [guest, total] of Object.entries({ anna: '13.50', ben: '8.00', cleo: '7,20' })) {
    await (await state.conversation(guest).get(TabV1)).set({ total });
  }
  await state.conversation('anna').checkpoint('before the upgrade');
}

await using state = await StateManager.open({ store });
const dry = await state.migrate({ definitions: [Tab], dryRun: true });
assert.deepEqual(
  dry.failures.map(({ entity, version, code, path }) => [entity.id, version, code, path]),
  [['cleo', 1, 'MIGRATION_FAILED', ['cents']]],
);
console.log('dry run:', dry.definitions[0], dry.failures[0]?.message);

const { definitions } = await state.migrate({ definitions: [Tab] });
assert.equal(definitions[0]?.migrated, 2);
const anna = await state.conversation('anna').get(Tab);
assert.deepEqual([anna.current, anna.version], [{ cents: 1350 }, 2]);
assert.deepEqual(await anna.at(1), { cents: 1350 }); // History stays as it was written, and is migrated when it is read.

const refused = state.conversation('cleo').get(Tab);
await assert.rejects(refused, (error) => isHoldfastError(error, 'MIGRATION_FAILED'));
const [aside] = await state.conversation('cleo').quarantined();
assert.deepEqual(aside?.base, { total: '7,20' });
console.log('put aside:', aside);

// The next release knows about commas. What it can migrate leaves quarantine.
await state.close();
await using next = await StateManager.open({ store });
const Patient = tabV2((total) => Math.round(Number(total.replace(',', '.')) * 100));
const again = await next.migrate({ definitions: [Patient] });
assert.deepEqual([again.definitions[0]?.current, again.definitions[0]?.migrated, again.failures], [2, 1, []]);
assert.deepEqual((await next.conversation('cleo').get(Patient)).current, { cents: 720 });
assert.deepEqual(await next.conversation('cleo').quarantined(), []);
console.log('the next release:', again.definitions[0]);
