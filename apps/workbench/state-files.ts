import type { FileReport, FileStore, Place } from 'holdfast/files';
import { documentFile } from './memory/document-key.ts';
import { performanceFile, performanceStateOf } from './performance/quarter.ts';
import { WorkbenchError } from './workbench-error.ts';

/** Where the states of all have their files, below the home. */
const OF_ALL: Readonly<Record<string, string>> = {
  toggles: 'state.json',
  workspaces: 'workspace_states.json',
  session_sync: 'session_state.json',
  sprint: 'sprint_state_v2.json',
  meet: 'meet_state.json',
  cron: 'cron_state.json',
  slack_pending: 'slack_pending.json',
  cron_history: 'cron_history.json',
};

/** Files of the states of all, below the home. */
export const STATE_FILES: readonly string[] = Object.values(OF_ALL);

/** The file of a state. What is not named here has the store's own place for it. */
export const stateFile: Place = (entity, state) =>
  entity.scope === 'global' ? (OF_ALL[state] ?? performanceFile(state)) : documentFile(entity, state);

/** The state of all that has this file. */
export function stateOfFile(path: string): string | undefined {
  return Object.entries(OF_ALL).find(([, file]) => file === path)?.[0] ?? performanceStateOf(path);
}

/** What is wrong with the file of a state of all, as far as this process has looked at it. */
export function fileProblem(store: Pick<FileStore, 'problems'>, state: string): FileReport | undefined {
  const file = stateFile({ scope: 'global', id: '' }, state);
  return store.problems().find(({ path }) => path === file);
}

/**
 * While the file of a state of all holds what cannot be taken, its last good version is read-only: what was meant by the file must not be overtaken.
 * @throws {WorkbenchError} REFUSED.
 */
export function assertFileIsTaken(store: Pick<FileStore, 'problems'>, state: string): void {
  const problem = fileProblem(store, state);
  if (problem) throw new WorkbenchError('REFUSED', `${problem.message} Until then nothing is changed. files_accept gives the file up.`);
}
