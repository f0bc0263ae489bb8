import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findViolations } from '../../../../scripts/browser/find-violations.ts';
import { GEMINI_KEY, openBarWithServices } from '../support/bar-with-services.ts';
import { useBrowser } from './use-browser.ts';
import { Visit } from './visit.ts';

const chromium = useBrowser({ reducedMotion: 'reduce' });

const keyForm = (page: Page): Locator => page.getByRole('dialog', { name: 'Your keys' });
const quota = (page: Page): Locator => page.getByRole('dialog', { name: 'The quota is used up' });

async function enterKey(page: Page, key: string): Promise<void> {
  await keyForm(page).getByLabel('Gemini key').fill(key);
  await keyForm(page).getByRole('button', { name: 'Check and save' }).click();
}

describe('the key form', () => {
  it('takes a key, says why it does not, and hides what is typed', async () => {
    await using open = await openBarWithServices();
    open.gemini.answerWith([[{ text: 'Hello from Gemini.' }]]);
    const { page } = await Visit.open(chromium.context, open.bar.url);
    await page.getByRole('button', { name: 'Keys' }).click();
    expect(await findViolations(page)).toEqual([]);
    expect(await keyForm(page).getByLabel('Gemini key').getAttribute('type')).toBe('password');
    expect(await keyForm(page).getByLabel('Cartesia key').getAttribute('type')).toBe('password');

    await enterKey(page, 'AIzaWrong');
    await keyForm(page).getByText('Gemini does not accept this key.').waitFor();
    expect(await findViolations(page)).toEqual([]);
    await enterKey(page, GEMINI_KEY);
    await keyForm(page).waitFor({ state: 'hidden' });

    const visit = new Visit(page);
    await visit.say('hello');
    expect(await visit.replies.last().innerText()).toContain('Hello from Gemini.');
    await page.getByRole('button', { name: 'Keys' }).click();
    await keyForm(page).getByText('Yours is in use.').waitFor();
    expect(await keyForm(page).getByLabel('Gemini key').inputValue()).toBe('');
    await keyForm(page).getByRole('button', { name: 'Remove my keys' }).click();
    await keyForm(page).waitFor({ state: 'hidden' });
    await visit.say('and now?');
    expect(open.gemini.requests).toHaveLength(1);
  });

  it('is asked for where the bar needs a key, and is back at the start after a clear', async () => {
    await using open = await openBarWithServices({ requiresKeys: true });
    open.gemini.answerWith([[{ text: 'Hello from Gemini.' }]]);
    const visit = await Visit.open(chromium.context, open.bar.url);
    const { page } = visit;
    const needed = page.getByText('This bar needs your own Gemini key.').first();
    await needed.waitFor();
    await page.getByLabel('Message to Maya').fill('hello');
    await page.keyboard.press('Enter');
    await keyForm(page).waitFor();
    await enterKey(page, GEMINI_KEY);
    await needed.waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Retry' }).click();
    await visit.replies.getByText('Hello from Gemini.').waitFor();

    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByRole('button', { name: 'Clear everything' }).click();

    await needed.waitFor();
    expect(open.gemini.requests.map(({ key }) => key)).toEqual([GEMINI_KEY]);
  });
});

describe('the quota overlay', () => {
  it('comes with a used-up quota, names remedies, and can be dismissed or left for the key form', async () => {
    await using open = await openBarWithServices();
    const visit = await Visit.open(chromium.context, open.bar.url);
    const { page } = visit;
    await page.getByRole('button', { name: 'Keys' }).click();
    await enterKey(page, GEMINI_KEY);
    await keyForm(page).waitFor({ state: 'hidden' });
    open.gemini.answerWith({ error: 'quota' });
    await page.getByLabel('Message to Maya').fill('hello');
    await page.keyboard.press('Enter');
    await quota(page).waitFor();
    expect(await findViolations(page)).toEqual([]);
    await quota(page).getByRole('button', { name: 'Dismiss' }).click();
    await quota(page).waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: 'Retry' }).click();
    await quota(page).getByRole('button', { name: 'Change keys' }).click();
    await keyForm(page).waitFor();
    await quota(page).waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await keyForm(page).waitFor({ state: 'hidden' });

    open.gemini.answerWith([[{ text: 'Here I am again.' }]]);
    await page.getByRole('button', { name: 'Retry' }).click();
    await visit.replies.getByText('Here I am again.').waitFor();
  });
});
