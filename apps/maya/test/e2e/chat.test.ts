import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { findViolations } from '../../../../scripts/browser/find-violations.ts';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel, type ScriptStep } from '../support/scripted-model.ts';
import { useBrowser } from './use-browser.ts';
import { Visit } from './visit.ts';

const chromium = useBrowser({ reducedMotion: 'reduce', permissions: ['clipboard-read', 'clipboard-write'] });

/** What an expression over an element of the page, `element`, comes to. */
const of = (page: Page, selector: string, expression: string): Promise<unknown> =>
  page.evaluate(`((element) => ${expression})(document.querySelector(${JSON.stringify(selector)}))`);

const says = (...rounds: readonly (readonly ScriptStep[])[]): Promise<OpenBar> => OpenBar.open({ model: new ScriptedModel(...rounds) });

describe('a reply', () => {
  it('streams, and can be stopped in the middle; what was said stands', async () => {
    const stopped = Promise.withResolvers<void>();
    await using bar = await says(['The first sentence. ', 'The second ', () => stopped.promise, 'and the third.']);
    const { page, replies } = await Visit.open(chromium.context, bar.url);
    await page.getByLabel('Message to Maya').fill('tell me a story');
    await page.keyboard.press('Enter');
    await page.getByText('The first sentence.').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    stopped.resolve();
    await page.getByText('This reply was cut off.').waitFor();
    expect(await replies.last().innerText()).toContain('The first sentence.');
    expect(await replies.last().innerText()).not.toContain('the third');
    expect(await of(page, 'textarea', 'element === document.activeElement')).toBe(true);
  });

  it('goes on after a reload in the middle: what was said is there, and the rest comes', async () => {
    const gate = Promise.withResolvers<void>();
    await using bar = await says(['Hello.'], ['The first sentence. ', 'The second ', () => gate.promise, 'and the third.']);
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.say('hello');
    await visit.page.getByLabel('Message to Maya').fill('tell me a story');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByText('The first sentence.').waitFor();
    await visit.page.reload();
    await visit.page.getByText('The first sentence.').waitFor();
    await visit.page.getByRole('button', { name: 'Stop' }).waitFor();
    gate.resolve();
    await visit.replies.getByText('The first sentence. The second and the third.').waitFor();
    expect(await visit.log.locator('li').count()).toBe(4);
  });

  it('that failed can be sent again, and is one message', async () => {
    let failures = 1;
    const fail = (): Promise<void> => (failures-- > 0 ? Promise.reject(new Error('The model broke.')) : Promise.resolve());
    await using bar = await says([fail, 'There you are.']);
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.page.getByLabel('Message to Maya').fill('hello');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByText('Sorry, something went wrong on my side.').waitFor();
    await visit.page.getByText('Maya is flustered').waitFor({ state: 'attached' });
    expect(await findViolations(visit.page)).toEqual([]);
    await visit.page.getByRole('button', { name: 'Retry' }).click();
    await visit.replies.getByText('There you are.').waitFor();
    expect(await visit.log.locator('li[data-role="user"]').count()).toBe(1);
  });

  it('can be copied', async () => {
    await using bar = await says(['Water, iced tea and lemonade.']);
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.say('what is sobering?');
    await visit.page.getByRole('button', { name: 'Copy this message' }).click();
    await visit.page.getByRole('button', { name: 'Copied this message' }).waitFor();
    expect(await visit.page.evaluate('navigator.clipboard.readText()')).toBe('Water, iced tea and lemonade.');
  });

  it('does not move a reader who has scrolled up; a button brings them to the latest', async () => {
    await using bar = await says(['A long line of a long story. '.repeat(80)]);
    const visit = await Visit.open(chromium.context, bar.url);
    for (const text of ['one', 'two', 'three']) await visit.say(text);
    await of(visit.page, '[role=log]', 'element.scrollTo(0, 0)');
    const jump = visit.page.getByRole('button', { name: 'Jump to latest' });
    await jump.waitFor();
    expect(await findViolations(visit.page)).toEqual([]);
    expect(await of(visit.page, '[role=log]', 'element.scrollTop')).toBe(0);
    await jump.click();
    await jump.waitFor({ state: 'detached' });
    expect(await of(visit.page, '[role=log]', 'element.scrollHeight - element.scrollTop - element.clientHeight')).toBeLessThan(2);
  });

  it.each([
    ['neutral', 'Maya is at the bar'],
    ['happy', 'Maya is happy'],
    ['flustered', 'Maya is flustered'],
    ['thinking', 'Maya is thinking'],
    ['mixing', 'Maya is mixing a drink'],
    ['upset', 'Maya is upset'],
  ])('shows its mood: %s', async (mood, words) => {
    await using bar = await says([`Well. [STATE: ${mood}]`]);
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.say('hello');
    await visit.page.locator(`svg[data-mood="${mood}"]`).waitFor();
    expect(await visit.page.getByRole('region', { name: 'The bar' }).innerText()).toContain(words);
    expect(await visit.replies.last().innerText()).not.toContain('STATE');
    // Reduced motion: she holds still.
    expect(await visit.page.evaluate('document.getAnimations().length')).toBe(0);
  });
});

describe('a message', () => {
  it('sent by a double Enter, or a double click, is one order', async () => {
    await using bar = await OpenBar.open();
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.page.getByLabel('Message to Maya').fill('a tap beer please');
    await visit.page.evaluate(`{
      const field = document.querySelector('textarea');
      const enter = () => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
      enter();
      enter();
    }`);
    await visit.seesTab('Tab $5.00. Balance $995.00.');
    await visit.page.getByLabel('Message to Maya').fill('a negroni please');
    await visit.page.getByRole('button', { name: 'Send' }).dblclick();
    await visit.seesTab('Tab $16.00. Balance $984.00.');
    await visit.page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
    expect(await visit.log.locator('li[data-role="user"]').count()).toBe(2);
  });

  it('that cannot be sent while the line is down is told, with a banner, and goes through when it is back', async () => {
    await using bar = await OpenBar.open();
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.page.getByText('What can I get you?').waitFor();
    await chromium.context.setOffline(true);
    await visit.offlineBanner.waitFor();
    await visit.page.getByLabel('Message to Maya').fill('a tap beer please');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByRole('button', { name: 'Retry' }).waitFor();
    expect(await findViolations(visit.page)).toEqual([]);
    await chromium.context.setOffline(false);
    await visit.offlineBanner.waitFor({ state: 'detached' });
    await visit.page.getByRole('button', { name: 'Retry' }).click();
    await visit.seesTab('Tab $5.00. Balance $995.00.');
  });
});

describe('the tab overlay', () => {
  it('lies at the lower left of the avatar, 16 px in, in the colours of the house', async () => {
    await using bar = await OpenBar.open();
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.say('hello');
    await visit.seesTab('Tab $0.00.');
    expect(await visit.tip(10).count()).toBe(0);
    await visit.say('a water please');
    const overlay = visit.page.getByRole('region', { name: 'Tab' });
    const [box, stage] = [await overlay.boundingBox(), await visit.page.getByRole('region', { name: 'The bar' }).boundingBox()];
    expect([box!.x - stage!.x, stage!.y + stage!.height - box!.y - box!.height]).toEqual([16, 16]);
    const color = (selector: string, property = 'color'): Promise<unknown> =>
      of(visit.page, `.tab-overlay${selector}`, `getComputedStyle(element).${property}`);
    expect(await color('', 'backgroundColor')).toBe('rgba(0, 0, 0, 0.7)');
    expect([await color(' .tip-button', 'backgroundColor'), await color(' .tip-button', 'borderTopColor')]).toEqual([
      'rgb(51, 51, 51)',
      'rgb(85, 85, 85)',
    ]);
    await visit.tip(20).click();
    await visit.seesTab('Tip $0.20.');
    await visit.page.getByText('Maya is happy').waitFor({ state: 'attached' });
    expect(await color(' [aria-pressed="true"]', 'backgroundColor')).toBe('rgb(76, 175, 80)');
    expect([await color(' [data-kind="tip"]'), await color(' [data-kind="total"]')]).toEqual(['rgb(144, 238, 144)', 'rgb(255, 215, 0)']);
    expect(await color(' [data-kind="balance"] dd')).toBe('rgb(255, 255, 255)');
    await visit.say('20 martinis, 20 martinis, 20 martinis and 16 daiquiris please');
    await visit.seesTab('Balance $59.00.');
    // Reduced motion: the figure is at its end at once.
    await visit.page.evaluate(`{
      const figure = document.querySelector('[data-kind="balance"] dd');
      globalThis.shown = [];
      new MutationObserver(() => shown.push(figure.textContent)).observe(figure, { characterData: true, childList: true, subtree: true });
    }`);
    await visit.say('an old fashioned please');
    await visit.seesTab('Balance $47.00.');
    expect(await visit.page.evaluate('shown')).toEqual(['$47.00']);
    expect(await color(' [data-kind="balance"] dd')).toBe('rgb(255, 165, 0)');
    await visit.say('3 old fashioned and a negroni please');
    await visit.seesTab('Balance $0.00.');
    expect(await color(' [data-kind="balance"] dd')).toBe('rgb(255, 68, 68)');
  });

  it('counts up with a pulse when motion is welcome, and colours the balance by the figure that is shown', async () => {
    await using bar = await OpenBar.open();
    const moving = await chromium.browser.newContext();
    const visit = await Visit.open(moving, bar.url);
    await visit.say('a water please');
    const figure = visit.page.locator('[data-kind="tab"] dd');
    const rests = async (at: string): Promise<void> => {
      await figure.getByText(at).waitFor();
      await expect.poll(() => of(visit.page, '[data-kind="tab"] dd', 'element.style.scale')).toBe('1');
    };
    await rests('$1.00');
    await visit.page.evaluate(`{
      const figure = document.querySelector('[data-kind="tab"] dd');
      globalThis.frames = [];
      const balance = document.querySelector('[data-kind="balance"]');
      globalThis.balances = [];
      const look = () => {
        frames.push([performance.now(), figure.textContent, Number(figure.style.scale)]);
        balances.push([balance.querySelector('dd').textContent, balance.dataset.level]);
        requestAnimationFrame(look);
      };
      look();
    }`);
    await visit.say('20 martinis, 20 martinis, 20 martinis and 17 daiquiris please');
    await rests('$951.00');
    const frames = await visit.page.evaluate<readonly (readonly [number, string, number])[]>('frames');
    const counting = frames.filter(([, , scale]) => scale > 1);
    expect(new Set(counting.map(([, text]) => text)).size).toBeGreaterThan(3);
    expect(Math.max(...counting.map(([, , scale]) => scale))).toBeLessThanOrEqual(1.1);
    // Half a second, and what a busy machine adds to it.
    expect(counting.at(-1)![0] - counting[0]![0]).toBeLessThan(1_500);
    const balances = await visit.page.evaluate<readonly (readonly [string, string])[]>('balances');
    for (const [shown, level] of balances) expect([shown, level]).toEqual([shown, Number(shown.replace('$', '')) < 50 ? 'low' : 'plenty']);
    expect(new Set(balances.map(([, level]) => level))).toEqual(new Set(['plenty', 'low']));
    await moving.close();
  });
});
