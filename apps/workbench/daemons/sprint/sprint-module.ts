import type { DaemonModule } from '../daemon.ts';
import { CommandWorker, type CommandWorkerOptions } from './command-worker.ts';
import { JiraIssues, type JiraOptions } from './jira-issues.ts';
import { SprintDaemon } from './sprint-daemon.ts';
import { SprintWork } from './sprint-work.ts';
import { YamlIssues } from './yaml-issues.ts';

export interface SprintSettings {
  /** Where the issues are: in Jira, or in a YAML file. Without either they stay as they are. */
  readonly jira?: JiraOptions;
  readonly file?: string;
  /** What works on an issue. Without it issues are listed and approved only. */
  readonly worker?: CommandWorkerOptions;
  /** Of the working hours. Default `America/New_York`. */
  readonly timeZone?: string;
}

/** The sprint daemon, as it is configured. */
export function sprintModule({ jira, file, worker, timeZone }: SprintSettings): DaemonModule {
  const work = worker && new SprintWork(new CommandWorker(worker));
  const source = jira ? new JiraIssues(jira) : file === undefined ? undefined : new YamlIssues(file);
  return {
    name: 'sprint',
    ...(work && { effects: [work.effect] }),
    create: ({ workbench: { state, store, clock, log }, emit, lease }) =>
      new SprintDaemon({
        state,
        store,
        clock,
        log,
        emit,
        lease,
        ...(work && { work }),
        ...(source && { source }),
        ...(timeZone !== undefined && { timeZone }),
      }),
  };
}
