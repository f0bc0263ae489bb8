import { cronState } from '../daemons/cron/cron-state.ts';
import { meetState } from '../daemons/meet/meet-state.ts';
import { pendingState } from '../daemons/slack/pending-state.ts';
import { sprintState } from '../daemons/sprint/sprint-state.ts';
import type { Workbench } from '../open-workbench.ts';
import { daemonHealth } from './daemon-health.ts';
import type { FileNotes } from './file-notes.ts';
import { Overview, type OverviewSource } from './overview.ts';
import { jobsView, meetingsView, messagesView, servicesView, sessionsView, sprintView } from './source-views.ts';
import { stateSource } from './state-source.ts';

export interface OpenOverviewOptions {
  readonly workbench: Workbench;
  /** That the workbench was opened with: `onReport: notes.note`. */
  readonly notes: FileNotes;
  /** Default 30, from 5 to 300. */
  readonly refreshSeconds?: number;
  /** Whose variables say where the sockets of daemons are. Default: of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

/** The overview of a home: its states as this process sees them, and its daemons as they answer. It is closed before the workbench. */
export function openOverview({ workbench, notes, refreshSeconds, environment = process.env }: OpenOverviewOptions): Overview {
  const { state, toggles, workspaces, config, store, clock, home } = workbench;
  const onToggles = (changed: () => void): (() => void) => toggles.subscribe(changed);
  const onConfig = (changed: () => void): (() => void) => config.subscribe(changed);
  const jobs = stateSource(state, cronState, (cron) => jobsView(cron, config.get('schedules')?.jobs ?? [], toggles));
  const meetings = stateSource(state, meetState, (meet) => meetingsView(meet, toggles));
  return new Overview({
    clock,
    ...(refreshSeconds !== undefined && { refreshSeconds }),
    sources: {
      services: alsoOn({ read: () => servicesView(toggles) }, onToggles, onConfig),
      jobs: alsoOn(jobs, onToggles, onConfig),
      sessions: { read: () => sessionsView(workspaces), subscribe: (changed) => workspaces.subscribe(changed) },
      sprint: stateSource(state, sprintState, sprintView),
      messages: stateSource(state, pendingState, messagesView),
      meetings: alsoOn(meetings, onToggles),
      health: daemonHealth(home, clock, environment),
      files: notes.source(store, config),
    },
  });
}

/** A source that is read again when something else changes, too. */
function alsoOn<T>(source: OverviewSource<T>, ...others: readonly ((changed: () => void) => () => void)[]): OverviewSource<T> {
  return {
    read: () => source.read(),
    subscribe(changed) {
      const unsubscribers = [source.subscribe?.(changed), ...others.map((subscribe) => subscribe(changed))];
      return () => {
        for (const unsubscribe of unsubscribers) unsubscribe?.();
      };
    },
  };
}
