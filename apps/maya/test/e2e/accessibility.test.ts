import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OpenBar } from '../support/open-bar.ts';
import { ScriptedModel } from '../support/scripted-model.ts';
import { faultsInEveryLook } from './looks.ts';
import { emptySession } from '../support/views.ts';
import { MadeUpBar } from './made-up-bar.ts';
import { LONG, PAGE_STATES, REFUSALS, TIPPED } from './page-states.ts';
import { useBrowser } from './use-browser.ts';
import { Visit } from './visit.ts';

const chromium = useBrowser({ reducedMotion: 'reduce' });

let bar: OpenBar;

beforeAll(async () => {
  bar = await OpenBar.open();
});
afterAll(() => bar[Symbol.asyncDispose]());

describe('axe has nothing against the page, wide and on a phone, light and dark,', { timeout: 60_000 }, () => {
  let made: MadeUpBar;
  beforeAll(async () => {
    made = await MadeUpBar.open(chromium.browser, bar.url);
  });
  afterAll(() => made.page.close());
  const press = (name: string | RegExp): Promise<void> => made.page.getByRole('button', { name }).click();
  const faultsSeeing = async (text: string): Promise<readonly string[]> => {
    await made.page.getByText(text).filter({ visible: true }).first().waitFor();
    return await faultsInEveryLook(made.page);
  };

  it.each(Object.entries(PAGE_STATES))('%s', async (_when, [answer, words]) => {
    await made.show(answer);
    expect(await faultsSeeing(words)).toEqual([]);
  });

  it('when something is asked for: as it is refused, and while it takes its time', async () => {
    await made.show(TIPPED);
    for (const refusal of Object.values(REFUSALS)) {
      await made.refuse('/api/tip', refusal);
      await press('Tip 20 percent');
      expect(await faultsSeeing(refusal.message)).toEqual([]);
    }
    await made.refuse('/api/pay');
    await press(/^Pay /);
    expect(await faultsSeeing('One moment…')).toEqual([]);
  });

  it('with a message that cannot be sent', async () => {
    const field = made.page.getByLabel('Message to Maya');
    await field.press('Enter');
    expect(await faultsSeeing('Type a message first.')).toEqual([]);
    await field.fill('a'.repeat(2_001));
    expect(await faultsSeeing('Please shorten your message to send it.')).toEqual([]);
    await field.fill('');
  });

  it('with a long conversation, for a reader who has scrolled up', async () => {
    await made.show(LONG);
    await made.page.locator('[role=log] li').nth(39).waitFor();
    await made.page.evaluate("document.querySelector('[role=log]').scrollTo(0, 0)");
    expect(await faultsSeeing('Jump to latest')).toEqual([]);
  });

  it('with each of its dialogs, whatever it says', async () => {
    const keys = { gemini: 'session', cartesia: 'unreadable', isGeminiNeeded: true } as const;
    await made.show({ session: { ...emptySession, revision: 9, keys }, keys });
    await press('Clear');
    expect(await faultsSeeing('Start over?')).toEqual([]);
    await press('Keep everything');

    await made.refuse('/api/session/link');
    await press(/^Device/);
    expect(await faultsSeeing('Continue on another device')).toEqual([]);
    await press('Done');
    await made.refuse('/api/session/link', REFUSALS['a refusal']);
    await press(/^Device/);
    expect(await faultsSeeing(REFUSALS['a refusal']!.message)).toEqual([]);
    await press('Done');

    await press('Keys');
    expect(await faultsSeeing('Yours can no longer be read.')).toEqual([]);
    await made.refuse('/api/keys', { error: 'KEY_INVALID', message: 'Gemini does not accept this key.', field: 'gemini' });
    await press('Check and save');
    expect(await faultsSeeing('Gemini does not accept this key.')).toEqual([]);
    await made.refuse('/api/keys');
    await press('Check and save');
    expect(await faultsSeeing('Checking…')).toEqual([]);
    await press('Close');

    await made.refuse('/api/chat', { error: 'QUOTA_EXCEEDED', message: 'The quota of the Gemini key is used up for now.' });
    await made.page.getByLabel('Message to Maya').fill('hello');
    await made.page.keyboard.press('Enter');
    expect(await faultsSeeing('The quota is used up')).toEqual([]);
  });
});

describe('axe has nothing against a visit, either,', { timeout: 60_000 }, () => {
  it('from the first look to the payment, and the page that it is paid on', async () => {
    const visit = await Visit.open(chromium.context, bar.url);
    await visit.say('two dry martinis and a tap beer, please');
    await visit.tip(15).click();
    await visit.seesTab('Tip $4.65.');
    await visit.say('a mai tai please');
    expect(await faultsInEveryLook(visit.page)).toEqual([]);
    await visit.payButton.click();
    const [provider] = await Promise.all([chromium.context.waitForEvent('page'), visit.paymentLink.click()]);
    await provider.getByRole('button', { name: 'Confirm payment' }).waitFor();
    expect(await faultsInEveryLook(provider)).toEqual([]);
    await provider.getByRole('button', { name: 'Confirm payment' }).click();
    await provider.getByRole('status').waitFor();
    expect(await faultsInEveryLook(provider)).toEqual([]);
    await visit.page.getByText('Paid $35.65.').waitFor();
    expect(await faultsInEveryLook(visit.page)).toEqual([]);
  });

  it('while a reply streams', async () => {
    const gate = Promise.withResolvers<void>();
    const model = new ScriptedModel([{ tool: 'get_menu', input: {} }], ['One sentence. ', 'And ', () => gate.promise, 'another.']);
    await using talking = await OpenBar.open({ model });
    const visit = await Visit.open(chromium.context, talking.url);
    await visit.page.getByLabel('Message to Maya').fill('tell me a story');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByText('One sentence.').waitFor();
    await visit.page.getByRole('button', { name: 'Stop' }).waitFor();
    expect(await faultsInEveryLook(visit.page)).toEqual([]);
    gate.resolve();
  });

  it('when a turn fails, Maya is mute and the line is down', async () => {
    await using broken = await OpenBar.open({
      model: new ScriptedModel(['Welcome.'], [() => Promise.reject(new Error('The model broke.'))]),
    });
    await chromium.context.addInitScript('delete globalThis.speechSynthesis; delete Window.prototype.speechSynthesis');
    const visit = await Visit.open(chromium.context, broken.url);
    await visit.page.getByRole('button', { name: 'Voice' }).click();
    await visit.say('hello');
    await visit.page.getByText('Maya’s voice did not come through').waitFor();
    await visit.page.getByLabel('Message to Maya').fill('and now?');
    await visit.page.keyboard.press('Enter');
    await visit.page.getByText(/^Error [\da-f-]{36}$/).waitFor();
    await chromium.context.setOffline(true);
    await visit.offlineBanner.waitFor();
    expect(await faultsInEveryLook(visit.page)).toEqual([]);
  });
});

describe('the keyboard alone', () => {
  it('orders, tips, opens the payment and every dialog, and is back where it was when that closes', async () => {
    const visit = await Visit.open(chromium.context, bar.url);
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

    for (const name of [/^Keys$/, /^Device/, /^Clear$/]) {
      await visit.page.locator('h1').click();
      await tabTo(name);
      const opener = await visit.page.locator(':focus').innerText();
      await keyboard.press('Enter');
      await visit.page.getByRole('dialog').waitFor();
      expect(await visit.page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true);
      await keyboard.press('Escape');
      await visit.page.getByRole('dialog').waitFor({ state: 'hidden' });
      expect(await visit.page.locator(':focus').innerText()).toBe(opener);
    }
  }, 60_000);
});
