import { defineState, type Scope, type StateDefinition } from 'holdfast';
import { z } from 'zod';

const PrefsSchema = z.strictObject({
  sound: z.boolean().nullable().optional(),
  lists: z.record(z.string(), z.array(z.string())).optional(),
});
export type PrefsValue = z.infer<typeof PrefsSchema>;

/** A state of one name in each of the scopes. */
function prefsIn<S extends Scope>(scope: S): StateDefinition<PrefsValue, S> {
  return defineState({ name: 'prefs', scope, schema: PrefsSchema, initial: {} });
}

export const ConversationPrefs: StateDefinition<PrefsValue, 'conversation'> = prefsIn('conversation');
export const WorkflowPrefs: StateDefinition<PrefsValue, 'workflow'> = prefsIn('workflow');
export const TeamPrefs: StateDefinition<PrefsValue, 'team'> = prefsIn('team');
export const GlobalPrefs: StateDefinition<PrefsValue, 'global'> = prefsIn('global');
