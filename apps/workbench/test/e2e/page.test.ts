import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../../../scripts/browser/launch-browser.ts';
import { busyDay } from '../support/busy-day.ts';
import { openPage } from '../support/open-page.ts';
import { PageVisit } from '../support/page-visit.ts';
import { ScriptedCalls, ScriptedOverview } from '../support/scripted-overview.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

async function visitBusyDay(): Promise<{ visit: PageVisit; scripted: ScriptedOverview; calls: ScriptedCalls }> {
  const scripted = new ScriptedOverview(busyDay());
  const { url, calls } = await openPage(scripted);
  return { visit: await PageVisit.open(browser, url), scripted, calls };
}

describe('what is shown', () => {
  test('the address does not keep the token', async () => {
    const { visit } = await visitBusyDay();
    expect(new URL(visit.page.url()).search).toBe('');
  });

  test('all at a glance: what waits, what comes next, what is not well', async () => {
    const { visit } = await visitBusyDay();
    const card = (name: string): Promise<string> => visit.page.getByRole('region', { name }).innerText();
    expect(await card('Waits for you')).toContain('AAP-60420');
    expect(await card('Next meeting')).toMatch(/1[12]m\s+Billing stand-up/);
    expect(await card('Active session')).toContain('Invoices are sent twice');
    expect(await card('Daemons')).toMatch(/slack\s+unhealthy/);
    expect(await card('Next jobs')).toContain('morning_coffee');
    expect(await card('Files')).toMatch(/current_work.yaml\s+damaged/);
  });

  test('a change is seen without loading anew', async () => {
    const { visit, scripted } = await visitBusyDay();
    const [meeting] = busyDay().meetings.meetings;
    scripted.say('meetings', { lastPoll: null, meetings: [{ ...meeting!, title: 'Release party' }] });
    await expect.poll(() => visit.page.getByRole('banner').innerText()).toContain('Release party');
  });

  test('a source that fails says so in its place, above what it said last, and the others go on', async () => {
    const { visit, scripted } = await visitBusyDay();
    await visit.goTo('sprint');
    scripted.say('sprint', new Error('sprint_state_v2.json is damaged at line 3.'));
    await visit.page.getByText('sprint_state_v2.json is damaged at line 3.').waitFor();
    expect(await visit.page.getByText('Upgrade the PDF renderer').isVisible()).toBe(true);
    expect(await visit.page.getByRole('navigation').getByRole('link', { name: 'Sprint' }).innerText()).toContain('cannot be read');
    scripted.say('services', [{ name: 'gmail', isEnabled: true, isSwitched: true }]);
    await visit.goTo('services');
    await visit.page.getByRole('switch', { name: 'Service gmail', checked: true }).waitFor();
  });

  test('what comes from outside is text, whatever it looks like', async () => {
    const hostile = `<img src=x onerror="document.title='owned'">{{7*7}}</script>\u202E`;
    const day = busyDay();
    const [workspace] = day.sessions.workspaces;
    const scripted = new ScriptedOverview({
      ...day,
      sessions: { activeWorkspace: null, workspaces: [{ ...workspace!, sessions: [{ ...workspace!.sessions[0]!, name: hostile }] }] },
      sprint: { ...day.sprint, issues: [{ ...day.sprint.issues[1]!, summary: hostile }] },
    });
    const calls = new ScriptedCalls();
    calls.answer = ({ method }) =>
      method === 'memory_list' ? { keys: ['state/x'] } : { key: 'state/x', file: 'x', content: { note: hostile } };
    const { url } = await openPage(scripted, calls);
    const visit = await PageVisit.open(browser, url);
    for (const area of ['now', 'sessions', 'sprint'] as const) {
      await visit.goTo(area);
      await visit.page.getByText('onerror').first().waitFor();
    }
    await visit.goTo('memory');
    await visit.page.getByText('state/x').click();
    await visit.page.getByText('onerror').waitFor();
    expect(await visit.page.locator('img').count()).toBe(0);
    expect(await visit.page.title()).toBe('Memory – Workbench');
  });

  test('an update moves nothing that stays', async () => {
    const { visit, scripted } = await visitBusyDay();
    const places = (): Promise<unknown> =>
      visit.page.evaluate(
        '[...document.querySelectorAll("header *, nav a, h1, section")].map((e) => JSON.stringify(e.getBoundingClientRect()))',
      );
    const before = await places();
    const day = busyDay();
    scripted.say(
      'health',
      day.health.map((daemon) => ({ ...daemon, status: 'unhealthy' as const })),
    );
    scripted.say('messages', []);
    await visit.page.getByText('#billing-alerts').waitFor({ state: 'detached' });
    expect(await visit.page.getByText('unhealthy', { exact: true }).count()).toBe(6);
    expect(await places()).toEqual(before);
  });
});

describe('what is done', () => {
  test('a service is switched by its switch, which moves once it has been done', async () => {
    const { visit, scripted, calls } = await visitBusyDay();
    await visit.goTo('services');
    const gmail = visit.page.getByRole('switch', { name: 'Service gmail' });
    await gmail.click();
    await visit.page.getByRole('status').getByText('Service gmail is on.').waitFor();
    expect(calls.made).toEqual([{ target: 'workbench', method: 'toggles_set_service', input: { name: 'gmail', enabled: true } }]);
    expect(await gmail.getAttribute('aria-checked')).toBe('false');
    scripted.say('services', [{ name: 'gmail', isEnabled: true, isSwitched: true }]);
    await visit.page.getByRole('switch', { name: 'Service gmail', checked: true }).waitFor();
  });

  test('a click while the first is under way does nothing more', async () => {
    const { visit, calls } = await visitBusyDay();
    const done = Promise.withResolvers<object>();
    calls.answer = () => done.promise;
    await visit.goTo('jobs');
    const job = visit.page.getByRole('switch', { name: 'Job sweep' });
    await job.dblclick();
    done.resolve({});
    await visit.page.getByText('Job sweep is on.').waitFor();
    expect(calls.made).toEqual([{ target: 'workbench', method: 'toggles_set_job', input: { name: 'sweep', enabled: true } }]);
  });

  test('an issue is approved by its button, and the keyboard stays at its row', async () => {
    const { visit, scripted, calls } = await visitBusyDay();
    await visit.goTo('sprint');
    calls.answer = () => {
      const { sprint } = busyDay();
      scripted.say('sprint', { ...sprint, issues: sprint.issues.map((issue) => ({ ...issue, status: 'approved' })) });
      return {};
    };
    await visit.button('Approve AAP-60420').click();
    await visit.button('Approve AAP-60420').waitFor({ state: 'detached' });
    await visit.page.getByText('AAP-60420 is approved.').waitFor();
    expect(await visit.focused()).toContain('AAP-60420');
    expect(calls.made).toEqual([{ target: 'sprint', method: 'approve_issue', input: { key: 'AAP-60420' } }]);
  });

  test('an issue is skipped with a reason only', async () => {
    const { visit, calls } = await visitBusyDay();
    await visit.goTo('sprint');
    await visit.button('Skip AAP-60420').click();
    await visit.button('Skip').click();
    await visit.page.getByText('Say why, so that others know later.').waitFor();
    await visit.page.getByLabel('Why').fill('It waits for the queue team.');
    await visit.button('Skip').click();
    await visit.page.getByText('AAP-60420 is skipped.').waitFor();
    expect(calls.made).toEqual([
      { target: 'sprint', method: 'skip_issue', input: { key: 'AAP-60420', reason: 'It waits for the queue team.' } },
    ]);
  });

  test('what is refused is said in its own words, and stays until it is closed', async () => {
    const { visit, calls } = await visitBusyDay();
    calls.refuse('The sprint daemon does not run; start it with `holdfast-workbench start sprint`.');
    await visit.goTo('sprint');
    await visit.button('Start now AAP-60399').click();
    const alert = visit.page.getByRole('alert').filter({ hasText: 'The sprint daemon does not run' });
    await alert.waitFor();
    await visit.button('Close').click();
    await alert.waitFor({ state: 'detached' });
    expect(await visit.button('Start now AAP-60399').isVisible()).toBe(true);
  });

  test('a meeting’s mode and what is done this time are chosen', async () => {
    const { visit, calls } = await visitBusyDay();
    await visit.goTo('meetings');
    await visit.page.getByLabel('Mode of Billing stand-up').selectOption('Takes part');
    await visit.page.getByLabel('This time Billing stand-up').selectOption('Skip it');
    await visit.page.getByLabel('This time Architecture round').selectOption('By its mode');
    await expect.poll(() => calls.made).toHaveLength(3);
    expect(calls.made).toEqual([
      { target: 'meet', method: 'set_meeting_mode', input: { event_id: 'e1', mode: 'interactive' } },
      { target: 'workbench', method: 'toggles_set_meeting', input: { id: 'e1', status: 'skip' } },
      { target: 'workbench', method: 'toggles_set_meeting', input: { id: 'e2' } },
    ]);
  });

  test('a session is made the active one, its log is looked at, and Cursor is read', async () => {
    const { visit, calls } = await visitBusyDay();
    calls.answer = ({ method }) => (method === 'session_export_context' ? { markdown: '# Invoices\nIt was about retries.' } : {});
    await visit.goTo('sessions');
    await visit.button('Make active Flaky test of the ledger').click();
    await visit.page.getByText('Flaky test of the ledger is the active session.').waitFor();
    await visit.button('Sync with Cursor').click();
    await visit.page.getByText('The chats of Cursor were read.').waitFor();
    await visit.page.getByRole('button', { name: /^active Invoices are sent twice/ }).click();
    await visit.page.getByText('git_status').waitFor();
    await visit.button('Show what it knows').click();
    await visit.page.getByText('It was about retries.').waitFor();
    expect(calls.made.map(({ method }) => method)).toEqual(['session_switch', 'session_sync', 'session_export_context']);
  });

  test('a damaged file is given up only after a question', async () => {
    const { visit, calls } = await visitBusyDay();
    await visit.goTo('files');
    await visit.button('Give it up in memory/state/current_work.yaml').click();
    await visit.button('Keep it').click();
    await visit.button('Give it up in memory/state/current_work.yaml').click();
    await visit.button('Give it up').click();
    await visit.page.getByText('is as it was last good').waitFor();
    expect(calls.made).toEqual([{ target: 'workbench', method: 'memory_accept', input: { key: 'state/current_work' } }]);
  });

  test('memory is searched and read', async () => {
    const { visit, calls } = await visitBusyDay();
    calls.answer = ({ method }) =>
      ({
        memory_list: { keys: ['state/current_work'] },
        memory_search: { hits: [{ key: 'learned/tool_fixes', excerpt: 'when the «VPN» is down' }] },
        memory_read: { key: 'learned/tool_fixes', file: 'memory/learned/tool_fixes.yaml', content: { fixes: ['connect first'] } },
      })[method];
    await visit.page.keyboard.press('/');
    await visit.page.getByRole('searchbox', { name: 'Search memory' }).fill('vpn');
    await visit.page.keyboard.press('Enter');
    expect(await visit.page.locator('mark').innerText()).toBe('VPN');
    await visit.page.getByText('learned/tool_fixes').click();
    const document = visit.page.getByRole('region', { name: 'Document', exact: true });
    await document.getByText('connect first').waitFor();
    expect(await document.innerText()).toContain('fixes:\n  - connect first');
  });
});

describe('the keyboard alone', () => {
  test('goes through areas and rows, approves, and asks for the keys that there are', async () => {
    const { visit, calls } = await visitBusyDay();
    const { keyboard } = visit.page;
    await keyboard.press('2');
    await visit.page.getByRole('heading', { name: 'Sprint', level: 1 }).waitFor();
    expect(await visit.focused()).toBe('Sprint');
    for (let presses = 0; presses < 10 && !(await visit.focused()).includes('AAP-60411'); presses++) await keyboard.press('Tab');
    await keyboard.press('ArrowDown');
    expect(await visit.focused()).toContain('AAP-60420');
    await keyboard.press('a');
    await visit.page.getByText('AAP-60420 is approved.').waitFor();
    await keyboard.press('End');
    await keyboard.press('Enter');
    await visit.page.getByText('Approve again').waitFor();
    expect(await visit.focused()).toContain('AAP-60377');
    await keyboard.press('?');
    await visit.page.getByRole('dialog', { name: 'Keys' }).waitFor();
    await keyboard.press('Escape');
    expect(await visit.focused()).toContain('AAP-60377');
    expect(calls.made.map(({ method }) => method)).toEqual(['approve_issue']);
  });

  test('keys of one letter can be turned off, for good', async () => {
    const { visit } = await visitBusyDay();
    const { keyboard } = visit.page;
    await keyboard.press('?');
    await visit.page.getByLabel('Keys of one letter or digit work').uncheck();
    await visit.button('Close').click();
    await keyboard.press('2');
    await visit.page.reload();
    await visit.page.getByText('live', { exact: true }).waitFor();
    await keyboard.press('3');
    expect(await visit.page.getByRole('heading', { level: 1 }).innerText()).toBe('Now');
  });
});

describe('the connection', () => {
  test('is tried again after a loss, and what was missed is shown', async () => {
    const { visit, scripted } = await visitBusyDay();
    await visit.context.setOffline(true);
    await visit.page.getByText('What you see is what it said last').waitFor();
    expect(await visit.page.getByText('Billing stand-up').first().isVisible()).toBe(true);
    scripted.say('messages', []);
    await visit.context.setOffline(false);
    await visit.page.getByText('live', { exact: true }).waitFor();
    await visit.page.getByText('#billing-alerts').waitFor({ state: 'detached' });
  });

  test('that is another one since is said, with what to do', async () => {
    const scripted = new ScriptedOverview(busyDay());
    const first = await openPage(scripted);
    const visit = await PageVisit.open(browser, first.url);
    await first.close();
    await visit.page.getByText('trying again').waitFor();
    await openPage(scripted, new ScriptedCalls(), Number(new URL(first.url).port));
    await expect.poll(() => visit.page.getByRole('banner').innerText()).toContain('no access');
    expect(await visit.page.getByText('Open the address that it printed.').isVisible()).toBe(true);
  });
});
