import type { Key } from 'ink';
import { actions, type Call } from '../client/actions.ts';
import { DASHBOARD_AREAS, type DashboardAreaId, type Row, type RowAction } from './area-rows.ts';
import { lettersOf, plainText } from './plain-text.ts';
import type { Doing } from './use-doing.ts';
import type { Memory } from './use-memory.ts';
import type { Prompt, Screen, ScreenState } from './use-screen.ts';

const LONGEST_ANSWER = 500;

/** What keys work on. */
export interface DashboardKeys {
  readonly screen: Screen;
  readonly memory: Memory;
  readonly run: Doing['run'];
  /** Of the area that is shown, and which of them is chosen. */
  readonly rows: () => { readonly rows: readonly Row[]; readonly at: number };
  /** How many lines one page is. */
  readonly page: number;
  readonly onRefresh: () => void;
  readonly onEnd: () => void;
}

/** Takes what was typed: one key, or several letters in one piece. */
export function takeInput(keys: DashboardKeys, input: string, key: Key): void {
  const letters = lettersOf(input);
  if (letters.length < 2) return takeKey(keys, input, key);
  for (const letter of letters) {
    if (letter === '\r' || letter === '\n' || letter === '\r\n') takeKey(keys, '', { ...key, return: true });
    else takeKey(keys, letter, key);
  }
}

function takeKey(keys: DashboardKeys, input: string, key: Key): void {
  const { screen } = keys;
  const { prompt, isHelp } = screen.get();
  if (prompt) return takeForPrompt(screen, prompt, input, key);
  if (input === 'q') return keys.onEnd();
  if (isHelp) return screen.set({ isHelp: false });
  if (goSomewhere(keys, input, key)) return;
  const { rows, at } = keys.rows();
  const row = rows[at];
  if (key.return && row) return toggle(keys, row);
  if (input === '?') return screen.set({ isHelp: true });
  if (input === 'r') return keys.onRefresh();
  if (input === 'y') return void keys.run(actions.syncSessions(), 'The chats of Cursor were read.');
  if (input === '/') {
    const prompted = { question: 'Search memory: ', text: '', isNeeded: false, onAnswer: keys.memory.search };
    return screen.set({ area: 'memory', open: null, prompt: prompted });
  }
  const action = row?.actions.find((each) => each.key === input);
  if (action) act(keys, action);
}

/** Whether the key led to another area, row or part of an open row. */
function goSomewhere({ screen, rows, page }: DashboardKeys, input: string, key: Key): boolean {
  const { area, chosen, open } = screen.get();
  const next = nextArea(area, input, key);
  if (next) screen.set({ area: next, open: null });
  if (next) return true;
  if (key.escape) screen.set({ open: null });
  if (key.pageDown || key.pageUp) screen.set({ open: open && { ...open, from: Math.max(0, open.from + (key.pageDown ? page : -page)) } });
  const { rows: all, at } = rows();
  const move = nextRow(input, key, at, all.length);
  const to = move === undefined ? undefined : all[Math.min(all.length - 1, Math.max(0, move))];
  if (to) screen.set({ chosen: { ...chosen, [area]: to.id } });
  return key.escape || key.pageDown || key.pageUp || move !== undefined;
}

function nextArea(area: DashboardAreaId, input: string, key: Key): DashboardAreaId | undefined {
  const areas = DASHBOARD_AREAS.map(({ id }) => id);
  const at = areas.indexOf(area);
  if (key.rightArrow || (key.tab && !key.shift)) return areas[(at + 1) % areas.length];
  if (key.leftArrow || key.tab) return areas.at(at - 1);
  return /^[1-9]$/.test(input) ? areas[Number(input) - 1] : undefined;
}

function nextRow(input: string, key: Key, at: number, count: number): number | undefined {
  if (key.downArrow || input === 'j') return at + 1;
  if (key.upArrow || input === 'k') return at - 1;
  if (key.home) return 0;
  return key.end ? count - 1 : undefined;
}

function toggle({ screen, memory }: DashboardKeys, { id }: Row): void {
  const { area, open }: ScreenState = screen.get();
  const isOpening = open?.id !== id;
  screen.set({ open: isOpening ? { id, from: 0 } : null });
  if (area === 'memory' && isOpening) memory.read(id);
}

function act({ screen, run }: DashboardKeys, { word, call, done, asks }: RowAction): void {
  const finish = (wish: Call): void => void run(wish, done);
  if (!asks) return finish(call(''));
  const prompt = { question: `Why ${word}? `, text: '', isNeeded: asks === 'must', onAnswer: (reason: string) => finish(call(reason)) };
  screen.set({ prompt });
}

function takeForPrompt(screen: Screen, prompt: Prompt, input: string, key: Key): void {
  if (key.escape) return screen.set({ prompt: null });
  if (key.return) {
    const answer = prompt.text.trim();
    if (prompt.isNeeded && answer === '') return;
    screen.set({ prompt: null });
    return prompt.onAnswer(answer);
  }
  const isErasing = key.backspace || key.delete;
  const typed = isErasing || key.ctrl || key.meta ? '' : plainText(input);
  const kept = isErasing ? lettersOf(prompt.text).slice(0, -1).join('') : prompt.text;
  screen.set({ prompt: { ...prompt, text: `${kept}${typed}`.slice(0, LONGEST_ANSWER) } });
}
