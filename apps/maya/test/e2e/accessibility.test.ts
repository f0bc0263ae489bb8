import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../../../../scripts/browser/launch-browser.ts';
import { MayaProcess } from '../support/maya-process.ts';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';
import { Visit } from './visit.ts';

let browser: Browser;
let maya: MayaProcess;

beforeAll(async () => {
  [browser, maya] = await Promise.all([launchBrowser(), MayaProcess.start()]);
}, 60_000);
afterAll(async () => {
  await browser.close();
  await maya[Symbol.asyncDispose]();
});

async function violations(page: Page): Promise<readonly string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

describe.each([
  ['wide', 'light', { width: 1_280, height: 800 }],
  ['wide', 'dark', { width: 1_280, height: 800 }],
  ['phone', 'light', { width: 390, height: 844 }],
  ['phone', 'dark', { width: 390, height: 844 }],
] as const)('the page, %s and %s', (_width, colorScheme, viewport) => {
  it('has nothing that axe objects to, from the first look to the payment', async () => {
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    const visit = await Visit.open(context, maya.url);
    await visit.page.getByText('What can I get you?').waitFor();
    expect(await violations(visit.page)).toEqual([]);

    await visit.say('two dry martinis and a tap beer, please');
    await visit.tip(15).click();
    await visit.seesTab('Tip $4.65.');
    await visit.say('a mai tai please');
    expect(await violations(visit.page)).toEqual([]);

    await visit.payButton.click();
    await visit.paymentLink.waitFor();
    expect(await violations(visit.page)).toEqual([]);
    const [provider] = await Promise.all([context.waitForEvent('page'), visit.paymentLink.click()]);
    await provider.getByRole('button', { name: 'Confirm payment' }).waitFor();
    expect(await violations(provider)).toEqual([]);
    await provider.getByRole('button', { name: 'Confirm payment' }).click();
    await visit.page.getByText('Paid $35.65.').waitFor();
    expect(await violations(visit.page)).toEqual([]);

    await visit.page.getByRole('button', { name: 'Clear' }).click();
    await visit.page.getByRole('dialog').waitFor();
    expect(await violations(visit.page)).toEqual([]);
    await context.close();
  }, 60_000);

  it('has nothing that axe objects to when a turn fails, the line is down and Maya is mute', async () => {
    await using bar = await OpenBar.open({ model: new ScriptedModel(['Welcome.'], [() => Promise.reject(new Error('The model broke.'))]) });
    const context = await browser.newContext({ colorScheme, viewport, reducedMotion: 'reduce' });
    await context.addInitScript('delete globalThis.speechSynthesis; delete Window.prototype.speechSynthesis');
    const visit = await Visit.open(context, bar.url);
    await visit.page.getByRole('button', { name: 'Voice' }).click();
    await visit.say('hello');
    await visit.page.getByText('Maya’s voice did not come through').waitFor();
    await visit.page.getByLabel('Message to Maya').fill('and now?');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByRole('button', { name: 'Retry' }).waitFor();
    await context.setOffline(true);
    await visit.offlineBanner.waitFor();
    expect(await violations(visit.page)).toEqual([]);
    await context.close();
  });

  it('does not scroll sideways', async () => {
    const context = await browser.newContext({ colorScheme, viewport });
    const visit = await Visit.open(context, maya.url);
    await visit.say('a'.repeat(400));
    expect(await visit.page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBe(0);
    await context.close();
  });
});

describe('the keyboard alone', () => {
  it('orders, tips and opens the payment', async () => {
    const context = await browser.newContext();
    const visit = await Visit.open(context, maya.url);
    const { keyboard } = visit.page;
    const tabTo = async (name: RegExp): Promise<void> => {
      const focused = visit.page.locator(':focus');
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press('Tab');
        const label =
          (await focused.getAttribute('aria-label', { timeout: 1_000 }).catch(() => null)) ??
          (await focused.innerText({ timeout: 1_000 }).catch(() => ''));
        if (name.test(label)) return;
      }
      throw new Error(`${String(name)} is not reached by the Tab key.`);
    };
    await visit.page.getByText('What can I get you?').waitFor();
    await tabTo(/^Two dry martinis/);
    await keyboard.press('Enter');
    await visit.seesTab('Tab $31.00.');
    await visit.page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
    await visit.page.locator('h1').click();
    await tabTo(/^Tip 15 percent$/);
    await keyboard.press('Space');
    await visit.seesTab('Tip $4.65.');
    await tabTo(/^Pay \$35\.65$/);
    await keyboard.press('Enter');
    await visit.paymentLink.waitFor();
    expect(await visit.paymentLink.getAttribute('rel')).toBe('noopener');
    await context.close();
  }, 60_000);
});
