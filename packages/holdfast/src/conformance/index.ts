export { conformanceCases } from './conformance-cases.ts';
export type { ConformanceOptions } from './conformance-cases.ts';
export type { ChildDriver, ConformanceCase, Need, StoreHarness } from './harness.ts';
