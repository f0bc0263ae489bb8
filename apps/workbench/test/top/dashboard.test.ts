import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { summaryText } from '../../top/summary.ts';
import { busyDay } from '../support/busy-day.ts';
import { Screen } from '../support/screen.ts';
import { ScriptedOverview } from '../support/scripted-overview.ts';

const [UP, DOWN, RIGHT, ENTER, ESCAPE, END] = ['\u001B[A', '\u001B[B', '\u001B[C', '\r', '\u001B', '\u001B[F'];
/** What begins a colour. */
const COLOUR = new RegExp(`${ESCAPE}\\[(?:3|9)\\d`);
const HOSTILE = '\u001B[2J\u001B]0;owned\u0007 <b>\u202Eevil\n\nnext';

async function busyScreen(size?: { columns: number; rows: number }): Promise<{ screen: Screen; scripted: ScriptedOverview }> {
  const scripted = new ScriptedOverview(busyDay());
  const screen = new Screen(scripted, size);
  await screen.sees('AAP-60420');
  return { screen, scripted };
}

describe('the dashboard', () => {
  test('shows what waits, by shape and word, and the next meeting', async () => {
    const { screen } = await busyScreen();
    expect(screen.text).toMatch(/Next: Billing stand-up, 1[12]m/);
    expect(screen.text).toContain('◆ waits for you');
    expect(screen.text).toContain('[Sprint 2]');
  });

  test('is live', async () => {
    const { screen, scripted } = await busyScreen();
    const { sprint } = busyDay();
    scripted.say('sprint', { ...sprint, issues: [{ ...sprint.issues[1]!, summary: 'The queue is fixed' }] });
    await expect.poll(() => screen.text).toContain('The queue is fixed');
  });

  test('is led by the arrow keys, tab and digits, and opens rows', async () => {
    const { screen } = await busyScreen();
    screen.press(END);
    screen.press(ENTER);
    await screen.sees('Why: The new licence is not signed.');
    screen.press(RIGHT);
    await screen.sees('[Messages 1]');
    screen.press('\t');
    await screen.sees('[Meetings]');
    screen.press('\u001B[Z');
    await screen.sees('[Messages 1]');
    screen.press('6');
    await expect.poll(() => screen.text).toContain('■ unhealthy      daemon slack');
  });

  test('approves, and skips with a reason only', async () => {
    const { screen } = await busyScreen();
    screen.press(DOWN);
    await screen.sees('a approve');
    screen.press('a');
    await screen.sees('AAP-60420 is approved.');
    screen.press('s');
    await screen.sees('Why skip?');
    screen.press(ENTER);
    screen.press('It waits for q.');
    await screen.sees('It waits for q.');
    screen.press(ENTER);
    await screen.sees('AAP-60420 is skipped.');
    expect(screen.calls.made).toEqual([
      { target: 'sprint', method: 'approve_issue', input: { key: 'AAP-60420' } },
      { target: 'sprint', method: 'skip_issue', input: { key: 'AAP-60420', reason: 'It waits for q.' } },
    ]);
  });

  test('asks for no reason any more after escape', async () => {
    const { screen } = await busyScreen();
    screen.press(DOWN);
    await screen.sees('x reject');
    screen.press('x');
    await screen.sees('Why reject?');
    screen.press(ESCAPE);
    await screen.seesNot('Why reject?');
    expect(screen.calls.made).toEqual([]);
  });

  test('switches services, jobs, meetings and sessions by the space bar', async () => {
    const { screen } = await busyScreen();
    for (const [area, moves] of [
      ['3', []],
      ['4', [DOWN]],
      ['5', []],
      ['6', [END]],
    ] as const) {
      screen.press(area);
      for (const move of moves) screen.press(move);
      const before = screen.calls.made.length;
      await screen.sees('space ');
      screen.press(' ');
      await expect.poll(() => screen.calls.made.length).toBe(before + 1);
      await screen.sees('.\n');
    }
    expect(screen.calls.made).toEqual([
      { target: 'workbench', method: 'toggles_set_meeting', input: { id: 'e1', status: 'skip' } },
      { target: 'workbench', method: 'session_switch', input: { session_id: 'b7d1' } },
      { target: 'workbench', method: 'toggles_set_job', input: { name: 'morning_coffee', enabled: false } },
      { target: 'workbench', method: 'toggles_set_service', input: { name: 'gmail', enabled: true } },
    ]);
  });

  test('says why something was not done', async () => {
    const { screen } = await busyScreen();
    screen.calls.refuse('The sprint daemon does not run.');
    screen.press(DOWN);
    await screen.sees('a approve');
    screen.press('a');
    await expect.poll(() => screen.text).toContain('■ The sprint daemon does not run.');
  });

  test('searches memory and reads what is found', async () => {
    const { screen } = await busyScreen();
    screen.calls.answer = ({ method }) =>
      ({
        memory_list: { keys: ['state/current_work'] },
        memory_search: { hits: [{ key: 'learned/tool_fixes', excerpt: 'when the «VPN» is down' }] },
        memory_read: { content: { fixes: ['connect first'] } },
      })[method];
    screen.press('/');
    await screen.sees('Search memory:');
    screen.press('vpn');
    screen.press(ENTER);
    await screen.sees('learned/tool_fixes when the «VPN» is down');
    screen.press(ENTER);
    await expect.poll(() => screen.text).toContain('- connect first');
  });

  test('shows a source that fails in its place, above what it said last', async () => {
    const { screen, scripted } = await busyScreen();
    scripted.say('sprint', new Error('The file is damaged.'));
    await screen.sees('■ sprint cannot be read: The file is damaged.');
    expect(screen.text).toContain('AAP-60420');
    expect(screen.text).toContain('[Sprint 2 !]');
  });

  test('lists its keys', async () => {
    const { screen } = await busyScreen();
    screen.press('?');
    await screen.sees('search memory');
    screen.press('x');
    await screen.sees('AAP-60420');
    expect(screen.calls.made).toEqual([]);
  });

  test('fits a narrow terminal, and a terminal that becomes one', async () => {
    const { screen } = await busyScreen();
    screen.resize(32, 10);
    await expect.poll(() => Math.max(...screen.text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(32);
    expect(screen.text.split('\n').length).toBeLessThanOrEqual(10);
    expect(screen.text).toContain('[Sprint 2]');
    screen.press(END);
    await screen.sees('> ■ blocked');
    screen.press(UP);
    await screen.sees('> ● approved');
  });

  test('is not steered by what it shows', async () => {
    const day = busyDay();
    const scripted = new ScriptedOverview({
      ...day,
      sprint: { ...day.sprint, issues: [{ ...day.sprint.issues[4]!, summary: HOSTILE, reason: HOSTILE }] },
    });
    const screen = new Screen(scripted);
    await screen.sees('<b>');
    screen.press(ENTER);
    await screen.sees('│ next');
    for (const part of ['\u001B[2J', '\u001B]0', '\u0007', '\u202E']) expect(screen.raw).not.toContain(part);
  });
});

describe('printed once', () => {
  test('everything has its line, without a colour where none is wanted', async () => {
    const { overview } = new ScriptedOverview({ ...busyDay(), health: new Error('no socket') });
    const text = summaryText(await overview.refresh(), Date.now(), { hasColour: false, columns: 100 });
    for (const said of [
      'Billing stand-up',
      'AAP-60377',
      '#billing-alerts',
      'Invoices are sent twice',
      'morning_coffee',
      'state.json',
      'no socket',
    ])
      expect(text).toContain(said);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(100);
    expect(stripVTControlCharacters(text)).not.toContain(ESCAPE);
    expect(text).not.toMatch(COLOUR);
  });

  test('what there is not yet says what to do', async () => {
    const { overview } = new ScriptedOverview();
    const text = summaryText(await overview.refresh(), Date.now(), { hasColour: false, columns: 100 });
    expect(text).toContain('No jobs: list them under schedules.jobs in config.json.');
  });
});
