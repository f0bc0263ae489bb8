import { Box, useApp, useInput, useWindowSize } from 'ink';
import { createElement as element, useEffect, useState, useSyncExternalStore, type ReactElement } from 'react';
import type { Calls } from '../client/calls.ts';
import type { Overview } from '../client/overview.ts';
import { DASHBOARD_AREAS, rowsOf } from './area-rows.ts';
import { takeInput } from './dashboard-keys.ts';
import { areaLine, detailLines, helpLines, keysLine, promptLine } from './dashboard-lines.ts';
import { plainText } from './plain-text.ts';
import { coloured, failureLine, line, rowLine } from './screen-parts.ts';
import { nextLine } from './summary.ts';
import { useDoing } from './use-doing.ts';
import { useMemory } from './use-memory.ts';
import { useScreen } from './use-screen.ts';

export interface DashboardProps {
  readonly overview: Overview;
  readonly calls: Calls;
  readonly hasColour: boolean;
}

/** Lines that are no rows: next meeting, areas and a blank above; notice, keys and one that stays free below. */
const FRAME_LINES = 6;

/** The overview live, with what a person does there. */
export function Dashboard({ overview, calls, hasColour }: DashboardProps): ReactElement {
  const { exit } = useApp();
  const { columns, rows: height } = useWindowSize();
  const look = { hasColour, columns };
  const view = useSyncExternalStore(
    (changed) => overview.subscribe(changed),
    () => overview.current,
  );
  const now = useNow();
  const screen = useScreen();
  const { area, open, isHelp, prompt } = screen.get();
  const { notice, run, say } = useDoing(calls);
  const memory = useMemory(area === 'memory', run);

  const rowsNow = (): ReturnType<Parameters<typeof takeInput>[0]['rows']> => {
    const { area: shown, chosen } = screen.get();
    const rows = shown === 'memory' ? memory.rows : rowsOf(shown, overview.current, now);
    const found = rows.findIndex(({ id }) => id === chosen[shown]);
    return { rows, at: Math.max(0, found) };
  };
  const onRefresh = (): void => void overview.refresh().then(() => say({ isProblem: false, text: 'Everything was read again.' }));
  const page = Math.max(1, Math.floor(height / 2));
  useInput((input, key) => takeInput({ screen, memory, run, rows: rowsNow, page, onRefresh, onEnd: exit }, input, key));

  const { rows, at } = rowsNow();
  const row = rows[at];
  const { sources, empty } = DASHBOARD_AREAS.find(({ id }) => id === area) ?? DASHBOARD_AREAS[0];
  const failed = sources.filter((name) => view[name].status === 'failed');
  const space = Math.max(1, height - FRAME_LINES - failed.length);
  const detail =
    row && open?.id === row.id ? detailLines(row, open.from, Math.ceil(space * (area === 'memory' ? 0.75 : 0.5)), columns) : [];
  const room = Math.max(1, space - detail.length);
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room));
  const body = isHelp
    ? helpLines(look)
    : [
        ...failed.map((name) => failureLine(name, view[name].reason, look)),
        ...(rows.length === 0 && failed.length === 0 ? [element(Box, { key: 'empty', height: 1 }, line(empty))] : []),
        ...rows.slice(first, first + room).map((each) => rowLine(each, each.id === row?.id, look)),
        ...detail,
      ];
  const said = notice && line(`${notice.isProblem ? '■ ' : ''}${plainText(notice.text)}`, notice.isProblem ? coloured('red', look) : {});
  return element(
    Box,
    { flexDirection: 'column', width: columns, height: Math.max(3, height - 1) },
    nextLine(view, now),
    areaLine(area, view, look),
    element(Box, { key: 'body', flexDirection: 'column', flexGrow: 1, flexShrink: 1, overflow: 'hidden', marginTop: 1 }, ...body),
    element(Box, { key: 'notice', height: 1, flexShrink: 0 }, prompt ? promptLine(prompt) : said),
    element(Box, { key: 'keys', height: 1, flexShrink: 0 }, keysLine(row, look)),
  );
}

/** The time, every second anew: countdowns go by it. */
function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
