import { Box, Text } from 'ink';
import { createElement as element, type ReactElement } from 'react';
import type { OverviewView } from '../client/views.ts';
import { DASHBOARD_AREAS, type DashboardAreaId, type Row } from './area-rows.ts';
import type { Prompt } from './use-screen.ts';
import { lettersOf, plainLines } from './plain-text.ts';
import { coloured, line, type Look } from './screen-parts.ts';

const HELP = [
  ['← → tab 1–8', 'the areas'],
  ['↑ ↓ home end', 'the rows'],
  ['enter', 'open or close a row; page up and down move in it'],
  ['space', 'switch a service or job, join or skip a meeting, make a session the active one'],
  ['a x s', 'approve, reject, skip an issue or a message'],
  ['m c', 'the next mode of a meeting; by its mode again'],
  ['y', 'read the chats of Cursor'],
  ['/', 'search memory'],
  ['r', 'read everything again'],
  ['q', 'end'],
] as const;

export function helpLines(look: Look): readonly ReactElement[] {
  return HELP.map(([keys, what]) =>
    element(
      Box,
      { key: keys, height: 1, width: look.columns, gap: 1 },
      element(Box, { width: 13, flexShrink: 0 }, line(keys, { bold: true })),
      line(what),
    ),
  );
}

/** All areas, the shown one in brackets; `!` is one that cannot be read, a number is what waits there. */
export function areaLine(current: DashboardAreaId, view: OverviewView, look: Look): ReactElement {
  const names = DASHBOARD_AREAS.map(({ id, title, sources }) => {
    const waiting = id === 'sprint' || id === 'messages' ? waitingIn(view, id) : 0;
    const marks = `${waiting > 0 ? ` ${waiting}` : ''}${sources.some((name) => view[name].status === 'failed') ? ' !' : ''}`;
    const isShown = id === current;
    const text = isShown ? `[${title}${marks}]` : ` ${title}${marks} `;
    return element(Text, { key: id, bold: isShown, ...(isShown ? coloured('cyan', look) : {}) }, text);
  });
  // The shown one stays in sight on a narrow terminal.
  const at = DASHBOARD_AREAS.findIndex(({ id }) => id === current);
  const ordered = look.columns < 80 ? [...names.slice(at), ...names.slice(0, at)] : names;
  return element(Box, { key: 'areas', height: 1 }, line(ordered));
}

function waitingIn(view: OverviewView, id: 'sprint' | 'messages'): number {
  const all = id === 'sprint' ? (view.sprint.value?.issues ?? []) : (view.messages.value ?? []);
  return all.filter(({ status }) => status === 'pending').length;
}

/** What is below an open row: at most so many lines, from one on. */
export function detailLines({ text, detail }: Row, from: number, most: number, columns: number): readonly ReactElement[] {
  const width = Math.max(10, columns - 4);
  const lines = [text, ...detail].flatMap((part) => plainLines(part)).flatMap((each) => folded(each, width));
  const start = Math.min(from, Math.max(0, lines.length - most));
  const shown = lines.slice(start, start + most);
  return shown.map((each, index) => element(Box, { key: `detail ${start + index}`, height: 1, paddingLeft: 2 }, line(`│ ${each}`)));
}

function folded(text: string, width: number): readonly string[] {
  const letters = lettersOf(text);
  if (letters.length <= width) return [text];
  return Array.from({ length: Math.ceil(letters.length / width) }, (_, index) =>
    letters.slice(index * width, (index + 1) * width).join(''),
  );
}

export function promptLine({ question, text }: Prompt): ReactElement {
  return line([question, text, element(Text, { key: 'cursor', inverse: true }, ' ')]);
}

/** What the keys do now. */
export function keysLine(row: Row | undefined, look: Look): ReactElement {
  const own = row?.actions.map(({ key, word }) => `${key === ' ' ? 'space' : key} ${word}`) ?? [];
  return line([...own, 'enter open', '? keys', 'q end'].join('  '), { dimColor: look.hasColour });
}
