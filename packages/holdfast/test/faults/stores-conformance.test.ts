import { conformanceCases } from 'holdfast/conformance';
import { describe, test } from 'vitest';
import { sqliteHarness } from '../support/store-sqlite-harness.ts';

/** The cases whose thoroughness can be raised: more commits to kill, every byte to damage. */
const THOROUGH = /^(process|kill|damage)-/;
const effort = Number(process.env['HOLDFAST_EFFORT'] ?? 10);

describe(`sqlite, ${effort} times as thorough`, () => {
  for (const { id, title, notApplicable, run } of conformanceCases(sqliteHarness(), { effort }).filter((each) => THOROUGH.test(each.id))) {
    if (notApplicable) test.skip(`${title} [${id}]: ${notApplicable}`, run);
    else test(`${title} [${id}]`, { timeout: 3_600_000 }, run);
  }
});
