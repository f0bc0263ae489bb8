import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../../../scripts/browser/launch-browser.ts';
import type { SourceName } from '../../client/views.ts';
import { AREA_IDS } from '../support/area-ids.ts';
import { busyDay } from '../support/busy-day.ts';
import { openPage } from '../support/open-page.ts';
import { PageVisit } from '../support/page-visit.ts';
import { ScriptedCalls, ScriptedOverview } from '../support/scripted-overview.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
}, 60_000);
afterAll(() => browser.close());

function memoryCalls(): ScriptedCalls {
  const calls = new ScriptedCalls();
  calls.answer = ({ method }) =>
    method === 'memory_list'
      ? { keys: ['state/current_work'] }
      : { key: 'state/current_work', file: 'memory/state/current_work.yaml', content: {} };
  return calls;
}

describe.each([
  // Both schemes and both widths, in as few visits as can be: axe takes its time.
  ['wide', 'light', { width: 1_280, height: 800 }],
  ['phone', 'dark', { width: 390, height: 844 }],
] as const)('the page, %s and %s', (_width, colorScheme, viewport) => {
  test('has nothing that axe objects to, on a busy day, with rows open, and fits the window', async () => {
    const { url } = await openPage(new ScriptedOverview(busyDay()), memoryCalls());
    const visit = await PageVisit.open(browser, url, { colorScheme, viewport });
    for (const area of AREA_IDS) {
      await visit.goTo(area);
      const rows = visit.page.locator('.row-title, .document-link');
      if (await rows.count()) await rows.first().click();
      expect([area, await visit.violations(), await visit.overflow()]).toEqual([area, [], 0]);
    }
  }, 120_000);

  test('has nothing that axe objects to while there is nothing yet, nor while all sources fail', async () => {
    const scripted = new ScriptedOverview();
    const { url, calls } = await openPage(scripted);
    calls.answer = () => ({ keys: [] });
    const visit = await PageVisit.open(browser, url, { colorScheme, viewport });
    for (const area of AREA_IDS) {
      await visit.goTo(area);
      expect([area, await visit.violations()]).toEqual([area, []]);
    }
    for (const name of Object.keys(busyDay()) as SourceName[]) scripted.say(name, new Error(`The ${name} ${'a'.repeat(300)}.`));
    await visit.goTo('services');
    await expect.poll(() => visit.page.getByText('This cannot be read.').count()).toBe(2);
    for (const area of AREA_IDS) {
      await visit.goTo(area);
      expect([area, await visit.violations(), await visit.overflow()]).toEqual([area, [], 0]);
    }
  }, 120_000);

  test('has nothing that axe objects to over dialogs, notices and a lost connection', async () => {
    const { url, calls } = await openPage(new ScriptedOverview(busyDay()));
    const visit = await PageVisit.open(browser, url, { colorScheme, viewport });
    await visit.goTo('sprint');
    await visit.button('Skip AAP-60420').click();
    await visit.button('Skip').click();
    await visit.page.getByText('Say why').waitFor();
    expect(await visit.violations()).toEqual([]);
    await visit.page.keyboard.press('Escape');
    await visit.button('Keys').click();
    await visit.page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await visit.violations()).toEqual([]);
    await visit.page.keyboard.press('Escape');
    calls.refuse('The sprint daemon does not run.');
    await visit.button('Approve AAP-60420').click();
    await visit.page.getByText('The sprint daemon does not run.').waitFor();
    await visit.context.setOffline(true);
    await visit.page.getByText('trying again').waitFor();
    expect([await visit.violations(), await visit.overflow()]).toEqual([[], 0]);
  }, 120_000);
});

test('very long names of one word fit the window of a phone', async () => {
  const long = 'a'.repeat(500);
  const day = busyDay();
  const scripted = new ScriptedOverview({
    ...day,
    services: [{ name: long, isEnabled: true, isSwitched: true }],
    sprint: { ...day.sprint, issues: [{ ...day.sprint.issues[1]!, key: `AAP-${'1'.repeat(60)}`, summary: long }] },
    messages: [{ ...day.messages[0]!, channel: long, text: long, reason: long }],
    meetings: { lastPoll: null, meetings: [{ ...day.meetings.meetings[0]!, title: long, calendar: long }] },
    health: [{ ...day.health[0]!, message: long }],
    files: [{ ...day.files[0]!, path: long, message: long }],
  });
  const { url } = await openPage(scripted, memoryCalls());
  const visit = await PageVisit.open(browser, url, { viewport: { width: 360, height: 640 } });
  for (const area of AREA_IDS) {
    await visit.goTo(area);
    const rows = visit.page.locator('.row-title');
    if (await rows.count()) await rows.first().click();
    expect([area, await visit.overflow()]).toEqual([area, 0]);
  }
});
