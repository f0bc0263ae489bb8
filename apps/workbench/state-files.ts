import type { Place } from 'holdfast/files';
import { documentFile } from './memory/document-key.ts';

/** Where the states of all have their files, below the home. */
const OF_ALL: Readonly<Record<string, string>> = {
  toggles: 'state.json',
  workspaces: 'workspace_states.json',
  session_sync: 'session_state.json',
  sprint: 'sprint_state_v2.json',
  meet: 'meet_state.json',
  cron: 'cron_state.json',
  cron_history: 'cron_history.json',
};

/** The file of a state. What is not named here has the store's own place for it. */
export const stateFile: Place = (entity, state) => (entity.scope === 'global' ? OF_ALL[state] : documentFile(entity, state));
