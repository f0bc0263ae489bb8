import { conformanceCases } from 'holdfast/conformance';
import { memory } from 'holdfast/memory';
import { describe, test } from 'vitest';

describe('memory', () => {
  for (const { id, title, notApplicable, run } of conformanceCases({ name: 'memory', create: (options) => memory(options), again: (store) => store })) {
    if (notApplicable) test.skip(`${title} [${id}]: ${notApplicable}`, run);
    else test(`${title} [${id}]`, run);
  }
});
