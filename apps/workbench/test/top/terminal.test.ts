import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { emptyFolder } from '../support/open-home.ts';
import { hasTerminals, openTerminal } from '../support/terminal.ts';

const ESC = '\u001B';
const SPRINT = {
  enabled: false,
  current_issue: null,
  issues: {
    'AAP-7': { status: 'pending', approved: false, summary: `Say ${ESC}]0;owned\u0007hello`, started_at: null, execution_trace: [] },
  },
  stats: { total_processed: 0, successful: 0, failed: 0 },
  updated_at: null,
};

function homeWithIssue(): string {
  const home = emptyFolder();
  writeFileSync(join(home, 'sprint_state_v2.json'), JSON.stringify(SPRINT));
  return home;
}

test('the dashboard works in a real terminal, and leaves it as it was', async ({ skip }) => {
  if (!hasTerminals()) return skip('there is no `script` of util-linux here');
  const { written, press, sees, ended } = openTerminal(['top', '--home', homeWithIssue()], { NO_COLOR: '1' });
  await sees('AAP-7');
  press('a');
  await sees('start sprint');
  press(`${ESC}[C`);
  await sees('[Messages]');
  press('6');
  await sees('[Services]');
  press(`${ESC}[F`);
  await sees('space switch on');
  press(' ');
  await sees('Service gmail is on.');
  press('q');
  await sees('ended with 0');
  await ended;
  const text = written();
  expect(text.slice(text.indexOf('ended with'))).toMatch(/[^-]icanon[^]*[^-]echo/);
  expect([`${ESC}[?1049h`, `${ESC}[?1049l`, `${ESC}[?25h`].map((control) => text.includes(control))).toEqual([true, true, true]);
  // Neither a colour nor what the issue's summary has in it.
  expect(text).not.toMatch(new RegExp(`${ESC}\\[(?:3|9)\\d|${ESC}\\]0;owned`));
}, 120_000);
