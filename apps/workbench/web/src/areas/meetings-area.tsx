import type { ReactNode } from 'react';
import { actions } from '../../../client/actions.ts';
import { isSkipped, nextMeeting } from '../../../client/next-meeting.ts';
import { MEETING_MODES, type MeetingMode, type MeetingsView, type MeetingView, type SourceView } from '../../../client/views.ts';
import { useDoing } from '../live/use-doing.ts';
import { useNow } from '../live/use-now.ts';
import { Countdown } from '../parts/countdown.tsx';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';

/** What comes on the calendars, and how each meeting is attended. */
export function MeetingsArea({ source }: { readonly source: SourceView<MeetingsView> }): ReactNode {
  return (
    <Panel
      title="Coming up"
      source={source}
      isEmpty={({ meetings }) => meetings.length === 0}
      empty={
        <p>
          No meeting comes up. Name calendars (a file, an address or Google Calendar) in config.json and start{' '}
          <code>holdfast-workbench start meet</code>.
        </p>
      }
      aside={
        source.value?.lastPoll && (
          <span className="muted">
            Calendars read <Moment at={source.value.lastPoll} />
          </span>
        )
      }
    >
      {({ meetings }) => <Meetings meetings={meetings} />}
    </Panel>
  );
}

function Meetings({ meetings }: { readonly meetings: readonly MeetingView[] }): ReactNode {
  const now = useNow(10_000);
  const next = nextMeeting(meetings, now);
  return (
    <ul className="cards">
      {meetings.map((meeting) => (
        <li key={meeting.id} className="card" data-next={meeting === next} data-off={isSkipped(meeting)}>
          <div className="card-head">
            <h3 className="text">{meeting.title}</h3>
            <MeetingTime meeting={meeting} now={now} />
          </div>
          <p className="muted">
            <time dateTime={meeting.start}>{clockTime(meeting.start)}</time>
            {meeting.end && (
              <>
                –<time dateTime={meeting.end}>{new Date(meeting.end).toLocaleTimeString([], TIME)}</time>
              </>
            )}
            {meeting.calendar !== '' && ` · ${meeting.calendar}`}
          </p>
          <MeetingChoices meeting={meeting} />
        </li>
      ))}
    </ul>
  );
}

function MeetingTime({ meeting, now }: { readonly meeting: MeetingView; readonly now: number }): ReactNode {
  if (isSkipped(meeting)) return <span className="muted">skipped</span>;
  if (Date.parse(meeting.start) > now) return <Countdown start={meeting.start} />;
  return <span className="countdown">going on</span>;
}

const MODE_WORDS: Readonly<Record<MeetingMode, string>> = { notes: 'Takes notes', interactive: 'Takes part', skip: 'Stays away' };
const OVERRIDES = [
  ['', 'By its mode'],
  ['join', 'Join it'],
  ['skip', 'Skip it'],
] as const;

function MeetingChoices({ meeting: { id, title, mode, override } }: { readonly meeting: MeetingView }): ReactNode {
  const { run } = useDoing();
  const setMode = (chosen: MeetingMode): void => void run(actions.setMeetingMode(id, chosen), `${title}: ${MODE_WORDS[chosen]}.`);
  const decide = (chosen: 'join' | 'skip' | ''): void => {
    const words = OVERRIDES.find(([value]) => value === chosen)?.[1] ?? '';
    void run(actions.overrideMeeting(id, chosen === '' ? null : chosen), `${title}: ${words.toLowerCase()}.`);
  };
  return (
    <div className="choices">
      <label className="choice">
        <span>
          Mode<span className="visually-hidden"> of {title}</span>
        </span>
        <select value={mode ?? ''} onChange={(event) => setMode(event.target.value as MeetingMode)}>
          {mode === null && <option value="">Not chosen</option>}
          {MEETING_MODES.map((each) => (
            <option key={each} value={each}>
              {MODE_WORDS[each]}
            </option>
          ))}
        </select>
      </label>
      <label className="choice">
        <span>
          This time<span className="visually-hidden"> {title}</span>
        </span>
        <select value={override ?? ''} onChange={(event) => decide(event.target.value as 'join' | 'skip' | '')}>
          {OVERRIDES.map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

const TIME = { hour: '2-digit', minute: '2-digit' } as const;

function clockTime(at: string): string {
  return new Date(at).toLocaleString([], { weekday: 'short', day: 'numeric', month: 'short', ...TIME });
}
