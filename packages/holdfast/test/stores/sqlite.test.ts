import { conformanceCases } from 'holdfast/conformance';
import { describe, test } from 'vitest';
import { sqliteHarness } from '../support/store-sqlite-harness.ts';

describe('sqlite', () => {
  for (const { id, title, notApplicable, run } of conformanceCases(sqliteHarness())) {
    if (notApplicable) test.skip(`${title} [${id}]: ${notApplicable}`, run);
    else test(`${title} [${id}]`, { timeout: 90_000 }, run);
  }
});
