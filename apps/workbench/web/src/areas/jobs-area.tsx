import type { ReactNode } from 'react';
import { actions } from '../../../client/actions.ts';
import { durationWords } from '../../../client/time-words.ts';
import type { JobsView, JobView, RunView, SourceView } from '../../../client/views.ts';
import { Moment } from '../parts/moment.tsx';
import { Facts } from '../parts/facts.tsx';
import { Panel } from '../parts/panel.tsx';
import { useRoving } from '../parts/roving.ts';
import { RowList } from '../parts/row-list.tsx';
import { Status } from '../parts/status.tsx';
import { Switch } from '../parts/switch.tsx';

/** What runs by the clock, and how it went. */
export function JobsArea({ source }: { readonly source: SourceView<JobsView> }): ReactNode {
  return (
    <>
      <Panel
        title="Schedule"
        source={source}
        isEmpty={({ jobs }) => jobs.length === 0}
        empty={
          <p>
            No jobs yet. List them under <code>schedules.jobs</code> in config.json, each with a name, a skill and a cron pattern.
          </p>
        }
        aside={source.value?.timeZone && <span className="muted">{source.value.timeZone}</span>}
      >
        {({ jobs }) => <JobTable jobs={jobs} />}
      </Panel>
      <Panel
        title="Runs"
        source={source}
        isEmpty={({ runs }) => runs.length === 0}
        empty={
          <p>
            Nothing has run yet. Jobs run while <code>holdfast-workbench start cron</code> does.
          </p>
        }
      >
        {({ runs }) => (
          <RowList
            label="Latest runs"
            items={runs}
            idOf={({ job, startedAt }) => `${job} ${startedAt ?? ''}`}
            renderRow={(run) => <RunRow run={run} />}
            renderDetail={({ error, output }) => (
              <>
                <Facts facts={[['Error', error]]} />
                {output ? <pre className="document">{output}</pre> : <p className="muted">It said nothing.</p>}
              </>
            )}
          />
        )}
      </Panel>
    </>
  );
}

function JobTable({ jobs }: { readonly jobs: readonly JobView[] }): ReactNode {
  const { container, place } = useRoving(jobs.length);
  return (
    <div className="table-frame">
      <table>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Is</th>
            <th scope="col">Next</th>
            <th scope="col">Last</th>
            <th scope="col">When</th>
            <th scope="col">Skill</th>
          </tr>
        </thead>
        <tbody {...container}>
          {jobs.map(({ name, skill, cron, isEnabled, nextRun, lastRun, lastStatus }, index) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <Switch label={`Job ${name}`} isOn={isEnabled} call={(isOn) => actions.switchJob(name, isOn)} place={place(index)} />
              </td>
              <td>{isEnabled ? <Moment at={nextRun} /> : <span className="muted">–</span>}</td>
              <td>
                {lastStatus !== null && <Status of={lastStatus} />} <Moment at={lastRun} otherwise="never" />
              </td>
              <td>
                <code>{cron}</code>
              </td>
              <td>{skill}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function RunRow({ run: { job, status, startedAt, durationMs } }: { readonly run: RunView }): ReactNode {
  return (
    <>
      <Status of={status} />
      <span className="row-text">{job}</span>
      <span className="muted">{durationMs === null ? '' : `took ${durationWords(durationMs)}`}</span>
      <span className="row-when">
        <Moment at={startedAt} />
      </span>
    </>
  );
}
