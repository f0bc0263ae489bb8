import { testConformance } from '../support/store-conformance.ts';
import { sqliteHarness } from '../support/store-sqlite-harness.ts';

testConformance(sqliteHarness());
