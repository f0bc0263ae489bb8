export { GLOBAL_ID, SCOPES, assertId, entityName } from './scope.ts';
export type { EntityAddress, Scope } from './scope.ts';
