import { useState, type ReactNode } from 'react';
import { actions } from '../../../client/actions.ts';
import type { IssueView, SourceView, SprintView } from '../../../client/views.ts';
import { useDoing } from '../live/use-doing.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';
import { ReasonDialog } from '../parts/reason-dialog.tsx';
import { RowList } from '../parts/row-list.tsx';
import { Status } from '../parts/status.tsx';
import { Switch } from '../parts/switch.tsx';

export interface SprintAreaProps {
  readonly source: SourceView<SprintView>;
  readonly hasShortcuts: boolean;
}

interface Asking {
  readonly what: 'reject' | 'skip';
  readonly key: string;
}

/** Issues that a person decides about, and what became of them. */
export function SprintArea({ source, hasShortcuts }: SprintAreaProps): ReactNode {
  const { run } = useDoing();
  const [asking, setAsking] = useState<Asking | null>(null);

  const onKey = (key: string, { key: issue, status }: IssueView): boolean => {
    if (!hasShortcuts || !mayDecide(status)) return false;
    if (key === 'a' && status !== 'approved') void run(actions.approveIssue(issue), `${issue} is approved.`);
    else if (key === 'x') setAsking({ what: 'reject', key: issue });
    else if (key === 's') setAsking({ what: 'skip', key: issue });
    else return false;
    return true;
  };

  return (
    <>
      <Panel
        title="Issues"
        source={source}
        isEmpty={({ issues }) => issues.length === 0}
        empty={
          <p>
            No issues yet. They come from Jira or a file once the sprint daemon runs: name the source under <code>sprint</code> in
            config.json, then start <code>holdfast-workbench start sprint</code>.
          </p>
        }
        aside={source.value && <SprintAside sprint={source.value} />}
      >
        {({ issues }) => (
          <RowList
            label="Issues of the sprint"
            items={issues}
            idOf={({ key }) => key}
            renderRow={(issue) => <IssueRow issue={issue} />}
            renderActions={(issue) => <IssueActions issue={issue} onAsk={(what) => setAsking({ what, key: issue.key })} />}
            renderDetail={(issue) => <IssueDetail issue={issue} />}
            onKey={onKey}
          />
        )}
      </Panel>
      {asking && (
        <ReasonDialog
          title={`${asking.what === 'skip' ? 'Skip' : 'Reject'} ${asking.key}`}
          action={asking.what === 'skip' ? 'Skip' : 'Reject'}
          isNeeded={asking.what === 'skip'}
          onClose={() => setAsking(null)}
          onReason={(reason) =>
            void (asking.what === 'skip'
              ? run(actions.skipIssue(asking.key, reason), `${asking.key} is skipped.`)
              : run(actions.rejectIssue(asking.key, reason), `${asking.key} is rejected.`))
          }
        />
      )}
    </>
  );
}

function SprintAside({ sprint: { isEnabled, stats } }: { readonly sprint: SprintView }): ReactNode {
  return (
    <div className="panel-aside">
      <span className="muted">
        {stats.total} done, {stats.successful} of them well
      </span>
      <span className="labelled">
        Works by itself
        <Switch label="Working by itself" isOn={isEnabled} call={actions.setSprintEnabled} />
      </span>
    </div>
  );
}

function IssueRow({ issue: { key, summary, status } }: { readonly issue: IssueView }): ReactNode {
  return (
    <>
      <Status of={status} />
      <span className="key">{key}</span>
      <span className="row-text">{summary}</span>
    </>
  );
}

interface IssueActionsProps {
  readonly issue: IssueView;
  readonly onAsk: (what: Asking['what']) => void;
}

function IssueActions({ issue: { key, status }, onAsk }: IssueActionsProps): ReactNode {
  if (status === 'approved')
    return (
      <ActionButton call={actions.startIssue(key)} done={`${key} was started.`} about={key}>
        Start now
      </ActionButton>
    );
  if (status === 'in_progress')
    return (
      <ActionButton call={actions.abortIssue(key)} done={`${key} was ended.`} about={key}>
        Abort
      </ActionButton>
    );
  if (status !== 'pending') return null;
  return (
    <>
      <ActionButton call={actions.approveIssue(key)} done={`${key} is approved.`} about={key}>
        Approve
      </ActionButton>
      <AskButton about={key} onPress={() => onAsk('reject')}>
        Reject
      </AskButton>
      <AskButton about={key} onPress={() => onAsk('skip')}>
        Skip
      </AskButton>
    </>
  );
}

function AskButton({
  about,
  onPress,
  children,
}: {
  readonly about: string;
  readonly onPress: () => void;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <button type="button" className="button" aria-haspopup="dialog" onClick={onPress}>
      {children}
      <span className="visually-hidden"> {about}</span>
    </button>
  );
}

function IssueDetail({ issue: { key, status, reason, trace } }: { readonly issue: IssueView }): ReactNode {
  return (
    <>
      <Facts facts={[['Why', reason]]} />
      {mayDecide(status) && status !== 'pending' && status !== 'approved' && (
        <p>
          <ActionButton call={actions.approveIssue(key)} done={`${key} is approved.`} about={key}>
            Approve again
          </ActionButton>
        </p>
      )}
      {trace.length === 0 ? (
        <p className="muted">Nothing has happened to it yet.</p>
      ) : (
        <ol className="trace">
          {trace.map(({ at, action, description }, index) => (
            <li key={trace.length - index}>
              <Moment at={at} />
              <span className="trace-action">{action.replaceAll('_', ' ')}</span>
              <span className="text">{description}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function mayDecide(status: IssueView['status']): boolean {
  return status !== 'in_progress' && status !== 'completed';
}
