// Whoever writes a store of their own runs the conformance suite on it: it passes what keeps the promises and finds what does not.
import assert from 'node:assert/strict';
import type { Store } from 'holdfast';
import { conformanceCases } from 'holdfast/conformance';
import { memory, type MemoryOptions } from 'holdfast/memory';

/** Runs every case that applies and gives the ids of those that fail. */
async function check(name: string, create: (options: MemoryOptions) => Store): Promise<string[]> {
  const cases = conformanceCases({ name, create, again: (store) => store });
  const applicable = cases.filter(({ notApplicable }) => notApplicable === undefined);
  assert(applicable.length > 0);
  const failed: string[] = [];
  for (const each of applicable) await each.run().catch(() => failed.push(each.id));
  const passed = applicable.length - failed.length;
  console.log(`${name}: ${passed} of ${applicable.length} cases hold, ${cases.length - applicable.length} do not apply`);
  return failed;
}

// In a test runner each case is a test: `test(title, run)`, skipped with its reason when it has `notApplicable`.
assert.deepEqual(await check('memory', memory), []);

// A store that forgets to check the expected versions would lose updates. The suite says so.
const careless = (options: MemoryOptions): Store => {
  const store = memory(options);
  const commit = store.commit.bind(store);
  store.commit = (batch) => commit(batch.map((each) => ({ ...each, expects: [] })));
  return store;
};
const failed = await check('careless', careless);
assert(failed.includes('refusal-conflict'));
console.log(`careless breaks: ${failed.join(', ')}`);
