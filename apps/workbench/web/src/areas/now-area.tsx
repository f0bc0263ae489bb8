import { useId, type ReactNode } from 'react';
import { nextMeeting } from '../../../client/next-meeting.ts';
import type { OverviewView, SessionView, SourceName } from '../../../client/views.ts';
import { useNow } from '../live/use-now.ts';
import { Countdown } from '../parts/countdown.tsx';
import { Moment } from '../parts/moment.tsx';
import { Status } from '../parts/status.tsx';
import { addressOf, type AreaId } from '../shell/areas.ts';

const MOST = 5;

/** All at a glance: what waits for a person, what comes next, and what is not well. */
export function NowArea({ overview }: { readonly overview: OverviewView }): ReactNode {
  return (
    <div className="now">
      <WaitingCard overview={overview} />
      <MeetingCard overview={overview} />
      <SessionCard overview={overview} />
      <DaemonsCard overview={overview} />
      <RunsCard overview={overview} />
      <FilesCard overview={overview} />
    </div>
  );
}

interface CardProps {
  readonly overview: OverviewView;
}

interface NowCardProps extends CardProps {
  readonly title: string;
  readonly area: AreaId;
  readonly sources: readonly SourceName[];
  readonly children: ReactNode;
}

function NowCard({ title, area, overview, sources, children }: NowCardProps): ReactNode {
  const id = useId();
  const failed = sources.filter((name) => overview[name].status === 'failed');
  return (
    <section className="card now-card" aria-labelledby={id}>
      <h2 id={id}>
        <a href={addressOf(area)}>{title}</a>
      </h2>
      {failed.map((name) => (
        <p key={name} className="failure">
          <span aria-hidden="true">■ </span>
          {overview[name].reason}
        </p>
      ))}
      {sources.some((name) => overview[name].value !== null) ? children : failed.length === 0 && <p className="muted">Reading…</p>}
    </section>
  );
}

function WaitingCard({ overview }: CardProps): ReactNode {
  const issues = overview.sprint.value?.issues.filter(({ status }) => status === 'pending') ?? [];
  const messages = overview.messages.value?.filter(({ status }) => status === 'pending') ?? [];
  return (
    <NowCard
      title="Waits for you"
      area={issues.length === 0 && messages.length > 0 ? 'messages' : 'sprint'}
      overview={overview}
      sources={['sprint', 'messages']}
    >
      {issues.length + messages.length === 0 && <p className="muted">Nothing. Issues and messages that need your word appear here.</p>}
      <ul className="lines">
        {issues.slice(0, MOST).map(({ key, summary }) => (
          <li key={key}>
            <span className="key">{key}</span> <span className="cut">{summary}</span>
          </li>
        ))}
        {messages.slice(0, MOST).map(({ id, channel, text }) => (
          <li key={id}>
            <span className="key">{channel}</span> <span className="cut">{text}</span>
          </li>
        ))}
      </ul>
      <More count={Math.max(0, issues.length - MOST) + Math.max(0, messages.length - MOST)} />
    </NowCard>
  );
}

function MeetingCard({ overview }: CardProps): ReactNode {
  const now = useNow(10_000);
  const meeting = nextMeeting(overview.meetings.value?.meetings ?? [], now);
  return (
    <NowCard title="Next meeting" area="meetings" overview={overview} sources={['meetings']}>
      {meeting ? (
        <>
          <p className="big">
            <Countdown start={meeting.start} />
          </p>
          <p className="text">{meeting.title}</p>
          <p className="muted">{meeting.calendar}</p>
        </>
      ) : (
        <p className="muted">None comes up.</p>
      )}
    </NowCard>
  );
}

function SessionCard({ overview }: CardProps): ReactNode {
  const { workspaces = [], activeWorkspace } = overview.sessions.value ?? {};
  const workspace = workspaces.find(({ uri }) => uri === activeWorkspace) ?? workspaces[0];
  const session: SessionView | undefined = workspace?.sessions.find(({ isActive }) => isActive);
  return (
    <NowCard title="Active session" area="sessions" overview={overview} sources={['sessions']}>
      {session ? (
        <>
          <p className="text">{session.name ?? `Session ${session.id.slice(0, 8)}`}</p>
          <p className="muted">{[session.persona, workspace?.project, session.issueKeys[0], session.branch].filter(Boolean).join(' · ')}</p>
          <p className="muted">
            {session.toolCallCount} calls of tools, the last <Moment at={session.updatedAt} />
          </p>
        </>
      ) : (
        <p className="muted">No session is active.</p>
      )}
    </NowCard>
  );
}

function DaemonsCard({ overview }: CardProps): ReactNode {
  return (
    <NowCard title="Daemons" area="services" overview={overview} sources={['health']}>
      <ul className="lines">
        {overview.health.value?.map(({ name, status }) => (
          <li key={name} className="line-apart">
            <span>{name}</span> <Status of={status} />
          </li>
        ))}
      </ul>
    </NowCard>
  );
}

function RunsCard({ overview }: CardProps): ReactNode {
  const jobs = overview.jobs.value?.jobs.filter(({ isEnabled, nextRun }) => isEnabled && nextRun !== null) ?? [];
  const next = jobs.toSorted((a, b) => Date.parse(a.nextRun ?? '') - Date.parse(b.nextRun ?? ''));
  return (
    <NowCard title="Next jobs" area="jobs" overview={overview} sources={['jobs']}>
      {next.length === 0 && <p className="muted">None is due.</p>}
      <ul className="lines">
        {next.slice(0, MOST).map(({ name, nextRun }) => (
          <li key={name} className="line-apart">
            <span className="cut">{name}</span> <Moment at={nextRun} />
          </li>
        ))}
      </ul>
      <More count={next.length - MOST} />
    </NowCard>
  );
}

function FilesCard({ overview }: CardProps): ReactNode {
  const notes = overview.files.value ?? [];
  return (
    <NowCard title="Files" area="files" overview={overview} sources={['files']}>
      {notes.length === 0 && <p className="muted">All can be read.</p>}
      <ul className="lines">
        {notes.slice(0, MOST).map(({ path, kind, at }) => (
          <li key={`${path} ${kind} ${at}`} className="line-apart">
            <span className="cut">{path}</span> <Status of={kind} />
          </li>
        ))}
      </ul>
      <More count={notes.length - MOST} />
    </NowCard>
  );
}

function More({ count }: { readonly count: number }): ReactNode {
  return count > 0 && <p className="muted">and {count} more</p>;
}
