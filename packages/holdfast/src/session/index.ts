export { ClientRegistry } from './client-registry.ts';
export type { ClientRegistryOptions } from './client-registry.ts';
export { Lease, acquireLease, findLeaseHolder } from './lease.ts';
export type { LeaseHolder, LeaseOptions } from './lease.ts';
export { SessionContext } from './session-context.ts';
export { assertSweepInterval, Sweeper } from './sweeper.ts';
