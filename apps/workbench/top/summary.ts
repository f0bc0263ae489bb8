import { Box, renderToString } from 'ink';
import { createElement as element, type ReactElement } from 'react';
import { nextMeeting } from '../client/next-meeting.ts';
import { countdownWords } from '../client/time-words.ts';
import type { OverviewView } from '../client/views.ts';
import { DASHBOARD_AREAS, rowsOf } from './area-rows.ts';
import { plainText } from './plain-text.ts';
import { failureLine, line, rowLine, type Look } from './screen-parts.ts';

/** Everything once, for a terminal or a file. */
export function summaryText(overview: OverviewView, now: number, look: Look): string {
  return renderToString(
    element(
      Box,
      { flexDirection: 'column', width: look.columns },
      nextLine(overview, now),
      ...DASHBOARD_AREAS.map((area) => section(area.id, overview, now, look)),
    ),
    {
      columns: look.columns,
    },
  )
    .split('\n')
    .map((text) => text.trimEnd())
    .join('\n');
}

export function nextLine(overview: OverviewView, now: number): ReactElement {
  const meeting = nextMeeting(overview.meetings.value?.meetings ?? [], now);
  return element(
    Box,
    { key: 'next', height: 1 },
    line(meeting ? `Next: ${plainText(meeting.title)}, ${countdownWords(meeting.start, now)}` : 'No meeting comes up.'),
  );
}

function section(id: (typeof DASHBOARD_AREAS)[number]['id'], overview: OverviewView, now: number, look: Look): ReactElement | null {
  const area = DASHBOARD_AREAS.find((each) => each.id === id);
  // Memory is asked for, not shown.
  if (!area || area.sources.length === 0) return null;
  const rows = rowsOf(id, overview, now);
  const failed = area.sources.filter((name) => overview[name].status === 'failed');
  return element(
    Box,
    { key: id, flexDirection: 'column', marginTop: 1 },
    line(area.title, { bold: true }),
    ...failed.map((name) => failureLine(name, overview[name].reason, look)),
    rows.length === 0 && failed.length === 0 ? line(`  ${area.empty}`) : null,
    ...rows.map((row) => rowLine(row, false, look)),
  );
}
