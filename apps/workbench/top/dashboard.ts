import { Box, useApp, useInput, useWindowSize, type Key } from 'ink';
import { createElement as element, useEffect, useState, useSyncExternalStore, type ReactElement } from 'react';
import { actions, type Call } from '../client/actions.ts';
import type { Calls } from '../client/calls.ts';
import type { Overview } from '../client/overview.ts';
import { DASHBOARD_AREAS, rowsOf, type DashboardAreaId, type Row, type RowAction } from './area-rows.ts';
import { areaLine, detailLines, helpLines, keysLine, promptLine } from './dashboard-lines.ts';
import { lettersOf, plainText } from './plain-text.ts';
import { coloured, failureLine, line, rowLine } from './screen-parts.ts';
import { nextLine } from './summary.ts';
import { useDoing } from './use-doing.ts';
import { useMemory } from './use-memory.ts';

export interface DashboardProps {
  readonly overview: Overview;
  readonly calls: Calls;
  readonly hasColour: boolean;
}

/** What is asked for on the last line. */
export interface Prompt {
  readonly question: string;
  readonly text: string;
  readonly isNeeded: boolean;
  readonly onAnswer: (text: string) => void;
}

/** Lines that are no rows: next meeting, areas and a blank above; notice and keys below. */
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
  const [area, setArea] = useState<DashboardAreaId>('sprint');
  const [chosen, setChosen] = useState<Partial<Record<DashboardAreaId, string>>>({});
  const [open, setOpen] = useState<{ readonly id: string; readonly from: number } | null>(null);
  const [isHelp, setHelp] = useState(false);
  const [prompt, setPrompt] = useState<Prompt | null>(null);
  const { notice, run, say } = useDoing(calls);
  const memory = useMemory(area === 'memory', run);

  const shown = DASHBOARD_AREAS.find(({ id }) => id === area) ?? DASHBOARD_AREAS[0];
  const rows = area === 'memory' ? memory.rows : rowsOf(area, view, now);
  const at = Math.max(
    0,
    rows.findIndex(({ id }) => id === chosen[area]),
  );
  const row = rows[at];

  const goTo = (id: DashboardAreaId | undefined): void => {
    if (id === undefined) return;
    setArea(id);
    setOpen(null);
  };
  const moveTo = (index: number): void => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (next) setChosen({ ...chosen, [area]: next.id });
  };
  const toggle = ({ id }: Row): void => {
    setOpen(open?.id === id ? null : { id, from: 0 });
    if (area === 'memory' && open?.id !== id) memory.read(id);
  };
  const act = ({ word, call, done, asks }: RowAction): void => {
    const finish = (wish: Call): void => void run(wish, done);
    if (!asks) return finish(call(''));
    const question = `Why ${word}? `;
    setPrompt({ question, text: '', isNeeded: asks === 'must', onAnswer: (reason) => finish(call(reason)) });
  };
  const page = Math.max(1, Math.floor(height / 2));

  const onKey = (input: string, key: Key): void => {
    if (input === 'q') return exit();
    if (isHelp) return setHelp(false);
    const areas = DASHBOARD_AREAS.map(({ id }) => id);
    const number = areas.indexOf(area);
    const move = moveOf(input, key, at, rows.length);
    if (move !== undefined) return moveTo(move);
    if (key.rightArrow || (key.tab && !key.shift)) return goTo(areas[(number + 1) % areas.length]);
    if (key.leftArrow || key.tab) return goTo(areas.at(number - 1));
    if (/^[1-8]$/.test(input)) return goTo(areas[Number(input) - 1]);
    if (key.pageDown || key.pageUp) return setOpen(open && { ...open, from: Math.max(0, open.from + (key.pageDown ? page : -page)) });
    if (key.return) return row && toggle(row);
    if (key.escape) return setOpen(null);
    if (input === '?') return setHelp(true);
    if (input === 'r') return void overview.refresh().then(() => say({ isProblem: false, text: 'Everything was read again.' }));
    if (input === 'y') return void run(actions.syncSessions(), 'The chats of Cursor were read.');
    if (input === '/') {
      goTo('memory');
      return setPrompt({ question: 'Search memory: ', text: '', isNeeded: false, onAnswer: memory.search });
    }
    const action = row?.actions.find((each) => each.key === input);
    if (action) act(action);
  };
  useInput((input, key) => {
    if (prompt) setPrompt(afterKey(prompt, input, key));
    else onKey(input, key);
  });

  const failed = shown.sources.filter((name) => view[name].status === 'failed');
  const space = Math.max(1, height - FRAME_LINES - failed.length);
  const detail =
    row && open?.id === row.id ? detailLines(row, open.from, Math.ceil(space * (area === 'memory' ? 0.75 : 0.5)), columns) : [];
  const room = Math.max(1, space - detail.length);
  const first = Math.max(0, Math.min(at - Math.floor(room / 2), rows.length - room));
  const body = isHelp
    ? helpLines(look)
    : [
        ...failed.map((name) => failureLine(name, view[name].reason, look)),
        ...(rows.length === 0 && failed.length === 0 ? [element(Box, { key: 'empty', height: 1 }, line(shown.empty))] : []),
        ...rows.slice(first, first + room).map((each) => rowLine(each, each.id === row?.id, look)),
        ...detail,
      ];
  const said =
    notice && !prompt
      ? line(`${notice.isProblem ? '■ ' : ''}${plainText(notice.text)}`, notice.isProblem ? coloured('red', look) : {})
      : null;
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

function moveOf(input: string, key: Key, at: number, count: number): number | undefined {
  if (key.downArrow || input === 'j') return at + 1;
  if (key.upArrow || input === 'k') return at - 1;
  if (key.home) return 0;
  if (key.end) return count - 1;
  return undefined;
}

/** The prompt after a key; null when it is over. */
function afterKey(prompt: Prompt, input: string, key: Key): Prompt | null {
  if (key.escape) return null;
  if (key.return) {
    const answer = prompt.text.trim();
    if (prompt.isNeeded && answer === '') return prompt;
    prompt.onAnswer(answer);
    return null;
  }
  if (key.backspace || key.delete) return { ...prompt, text: lettersOf(prompt.text).slice(0, -1).join('') };
  const typed = key.ctrl || key.meta ? '' : plainText(input);
  return { ...prompt, text: `${prompt.text}${typed}`.slice(0, 500) };
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
