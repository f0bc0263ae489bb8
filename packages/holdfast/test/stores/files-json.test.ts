import { testConformance } from '../support/store-conformance.ts';
import { filesHarness } from '../support/store-files-harness.ts';

testConformance(filesHarness('json'));
