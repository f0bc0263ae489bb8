import { inject } from 'vitest';
import { testConformance } from '../support/store-conformance.ts';
import { postgresHarness } from '../support/store-postgres-harness.ts';

testConformance(postgresHarness(inject('postgresUrl')));
