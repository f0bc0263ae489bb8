import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findViolations } from '../../../../scripts/browser/find-violations.ts';
import { launchBrowser } from '../../../../scripts/browser/launch-browser.ts';
import { OpenBar } from '../support/open-bar.ts';
import { Visit } from './visit.ts';

let browser: Browser;
let bar: OpenBar;

beforeAll(async () => {
  [browser, bar] = await Promise.all([launchBrowser(), OpenBar.open()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await bar[Symbol.asyncDispose]();
});

describe.each(['light', 'dark'] as const)('another device (%s)', (colorScheme) => {
  it('comes to the session by a link that works once, and both show the same from then on', async () => {
    const desk = await browser.newContext({ colorScheme, viewport: { width: 1_280, height: 800 }, reducedMotion: 'reduce' });
    const visit = await Visit.open(desk, bar.url);
    await visit.say('two dry martinis please');
    await visit.page.getByRole('button', { name: /^Device/ }).click();
    const link = await visit.page.getByRole('dialog').locator('code').innerText();
    expect(await findViolations(visit.page)).toEqual([]);
    await visit.page.getByRole('button', { name: 'Done' }).click();

    const pocket = await browser.newContext({ colorScheme, viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' });
    const phone = await Visit.open(pocket, link);
    expect(await findViolations(phone.page)).toEqual([]);
    await phone.page.getByRole('button', { name: 'Continue here' }).click();
    await phone.seesTab('Tab $26.00.');
    expect(await phone.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await phone.page.getByRole('button', { name: /^Device/ }).click();
    await phone.page.getByText('It works once, within ten minutes').waitFor();
    await phone.page.locator('code').getByText('/continue/').waitFor();
    expect(await findViolations(phone.page)).toEqual([]);
    await phone.page.getByRole('button', { name: 'Done' }).click();
    await phone.tip(15).click();
    await visit.seesTab('Tip $3.90.');

    const late = await Visit.open(await browser.newContext({ colorScheme }), link);
    await late.page.getByRole('button', { name: 'Continue here' }).click();
    await late.page.getByRole('heading', { name: 'This link is no longer good' }).waitFor();
    expect(await findViolations(late.page)).toEqual([]);
    await Promise.all([desk.close(), pocket.close(), late.page.context().close()]);
  }, 60_000);
});
