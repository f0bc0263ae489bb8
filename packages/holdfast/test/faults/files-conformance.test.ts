import { KILLS_AND_DAMAGE, testConformance } from '../support/store-conformance.ts';
import { filesHarness } from '../support/store-files-harness.ts';

for (const format of ['json', 'yaml'] as const) testConformance(filesHarness(format), { only: KILLS_AND_DAMAGE });
