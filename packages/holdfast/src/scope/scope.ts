import { HoldfastError } from '../errors/index.ts';

/** The scopes, widest first. A fifth one is one more line here and an accessor in the manager. */
export const SCOPES = ['global', 'team', 'workflow', 'conversation'] as const;

/** Where a state lives and how long. */
export type Scope = (typeof SCOPES)[number];

/** Names one entity of a scope. */
export interface EntityAddress {
  readonly scope: Scope;
  readonly id: string;
}

/** The id of the only entity of the scope `global`. */
export const GLOBAL_ID = 'global';

const MAX_ID_BYTES = 256;
// Control characters would garble logs and file names; nothing else in an id has a meaning to the engine.
const CONTROL = /\p{Cc}/u;

/** `conversation:session-123`, as messages and logs name an entity. */
export function entityName(entity: { readonly scope: string; readonly id: string }): string {
  return entity.scope === 'global' ? 'global' : `${entity.scope}:${entity.id}`;
}

/**
 * Accepts 1 to 256 bytes of well-formed text without control characters. Ids are data: `../x`, `%2e` and `__proto__` are as good as any.
 * @throws {HoldfastError} INVALID_ID otherwise.
 */
export function assertId(what: string, id: string): void {
  const problem = idProblem(id);
  if (problem) throw new HoldfastError('INVALID_ID', `The ${what} ${problem}.`, { what });
}

function idProblem(id: unknown): string | undefined {
  if (typeof id !== 'string') return `must be a string, not ${id === null ? 'null' : typeof id}`;
  if (id === '') return 'must not be empty';
  if (id.length > MAX_ID_BYTES || Buffer.byteLength(id) > MAX_ID_BYTES) return `is longer than ${MAX_ID_BYTES} bytes`;
  if (!id.isWellFormed()) return 'is not well-formed Unicode';
  if (CONTROL.test(id)) return 'has a control character in it';
  return undefined;
}
