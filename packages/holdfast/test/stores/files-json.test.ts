import { KILLS_AND_DAMAGE, testConformance } from '../support/store-conformance.ts';
import { filesHarness } from '../support/store-files-harness.ts';

testConformance(filesHarness('json'), { without: KILLS_AND_DAMAGE });
