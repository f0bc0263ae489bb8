import { testConformance } from '../support/store-conformance.ts';
import { sqliteHarness } from '../support/store-sqlite-harness.ts';

/** The cases whose thoroughness can be raised: more commits to kill, more bytes to damage. 199 damages every byte. */
testConformance(sqliteHarness(), {
  effort: Number(process.env['HOLDFAST_EFFORT'] ?? 10),
  only: /^(process|kill|damage)-/,
  timeoutMs: 3_600_000,
});
