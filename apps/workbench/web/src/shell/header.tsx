import type { ReactNode } from 'react';
import { nextMeeting } from '../../../client/next-meeting.ts';
import type { StatusSign } from '../../../client/status-signs.ts';
import type { OverviewView } from '../../../client/views.ts';
import type { LiveState } from '../live/live-overview.ts';
import { useNow } from '../live/use-now.ts';
import { Countdown } from '../parts/countdown.tsx';
import { Sign } from '../parts/status.tsx';
import { addressOf } from './areas.ts';

export interface HeaderProps extends Pick<LiveState, 'connection'> {
  readonly overview: OverviewView | null;
  /** Goes to the content. */
  readonly onSkip: () => void;
  readonly onRefresh: () => void;
  readonly onHelp: () => void;
}

const CONNECTION: Readonly<Record<LiveState['connection'], StatusSign>> = {
  connecting: { shape: '○', tone: 'idle', word: 'connecting' },
  online: { shape: '●', tone: 'good', word: 'live' },
  lost: { shape: '■', tone: 'bad', word: 'not connected' },
  refused: { shape: '■', tone: 'bad', word: 'no access' },
};

export function Header({ overview, connection, onSkip, onRefresh, onHelp }: HeaderProps): ReactNode {
  const now = useNow(10_000);
  const meeting = nextMeeting(overview?.meetings.value?.meetings ?? [], now);
  return (
    <header className="page-header">
      <button type="button" className="button skip-link" onClick={onSkip}>
        To the content
      </button>
      <p className="brand">Workbench</p>
      <p>
        <Sign {...CONNECTION[connection]} />
      </p>
      <p className="next-meeting">
        {meeting && (
          <a href={addressOf('meetings')}>
            <span className="cut">{meeting.title}</span> <Countdown start={meeting.start} />
          </a>
        )}
      </p>
      <button type="button" className="button button-quiet" onClick={onRefresh}>
        <span className="refresh-sign" aria-hidden="true">
          ↻
        </span>
        <span className="refresh-word">Refresh</span>
      </button>
      <button type="button" className="button button-quiet" onClick={onHelp} aria-label="Keys">
        ?
      </button>
    </header>
  );
}
