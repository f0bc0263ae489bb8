export type { PostgresClient } from './connection.ts';
export type { PostgresListener } from './log-watch.ts';
export { postgres } from './postgres-store.ts';
export type { PostgresOptions } from './postgres-store.ts';
