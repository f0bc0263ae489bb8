import type { CaseContext } from './case-context.ts';
import type { Need } from './harness.ts';

/** A case before it is bound to a store. */
export interface CaseDefinition {
  readonly id: string;
  readonly title: string;
  readonly needs: readonly Need[];
  readonly body: (context: CaseContext) => Promise<void>;
}

export function defineCase(id: string, title: string, body: CaseDefinition['body'], needs: readonly Need[] = []): CaseDefinition {
  return { id, title, needs, body };
}
