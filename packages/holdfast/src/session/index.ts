export { Lease, acquireLease } from './lease.ts';
export type { LeaseOptions } from './lease.ts';
