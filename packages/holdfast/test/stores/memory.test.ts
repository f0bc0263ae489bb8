import { memory } from 'holdfast/memory';
import { testConformance } from '../support/store-conformance.ts';

testConformance({ name: 'memory', create: (options) => memory(options), again: (store) => store });
