import type { Page } from 'playwright-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { findViolations } from '../../../../scripts/browser/find-violations.ts';
import { CARTESIA_KEY, openBarWithServices, type BarWithServices } from '../support/bar-with-services.ts';
import { ScriptedModel } from '../support/scripted-model.ts';
import { useBrowser } from './use-browser.ts';
import { Visit } from './visit.ts';

/** Notes what is played and said, and lets what is said last until it is ended. */
const EARS = `
  globalThis.heard = [];
  globalThis.saying = [];
  const start = AudioBufferSourceNode.prototype.start;
  AudioBufferSourceNode.prototype.start = function (...when) {
    heard.push(this.buffer.sampleRate + ' Hz, ' + this.buffer.length + ' samples');
    return start.apply(this, when);
  };
  Object.defineProperty(globalThis, 'speechSynthesis', { value: {
    speak: (utterance) => { heard.push(utterance.text); saying.push(utterance); },
    cancel: () => { if (saying.length > 0) heard.push('(hush)'); saying.length = 0; },
  } });
`;

const SAID = 'Welcome to MOK 5-ha! A beer is $5.00.';
const SPOKEN = ['Welcome to Moksha!', 'A beer is five dollars.'];

const chromium = useBrowser({ reducedMotion: 'reduce' });

beforeEach(() => chromium.context.addInitScript(EARS));

const openBar = (key?: string): Promise<BarWithServices> =>
  openBarWithServices({
    model: new ScriptedModel([SAID]),
    voice: { modelId: 'sonic-test', voiceId: 'a-voice', pausesMs: [1, 1] },
    ...(key !== undefined && { serverKeys: { cartesia: key } }),
  });
const heard = (page: Page): Promise<readonly string[]> => page.evaluate<readonly string[]>('heard');
const voiceButton = (page: Page, isOn: boolean) => page.getByRole('button', { name: 'Voice', pressed: isOn });

describe("Maya's voice", () => {
  it('is off at first, speaks through Cartesia once it is turned on, and is remembered', async () => {
    await using open = await openBar(CARTESIA_KEY);
    const visit = await Visit.open(chromium.context, open.bar.url);
    await visit.say('hello');
    expect([await heard(visit.page), open.cartesia.requests]).toEqual([[], []]);

    await voiceButton(visit.page, false).click();
    await visit.say('and now?');
    await expect.poll(() => heard(visit.page)).toEqual(SPOKEN.map((text) => `24000 Hz, ${text.length} samples`));

    await visit.page.reload();
    await voiceButton(visit.page, true).waitFor();
    await visit.say('still there?');
    await expect.poll(() => heard(visit.page)).toHaveLength(2);
    await voiceButton(visit.page, true).click();
    await visit.page.reload();
    await voiceButton(visit.page, false).waitFor();
  });

  it('is the browser’s own without a key, and hushed by Stop', async () => {
    await using open = await openBar();
    const visit = await Visit.open(chromium.context, open.bar.url);
    await voiceButton(visit.page, false).click();
    await visit.say('hello');
    await expect.poll(() => heard(visit.page)).toEqual(SPOKEN);
    await visit.page.getByRole('button', { name: 'Stop' }).click();
    expect(await heard(visit.page)).toEqual([...SPOKEN, '(hush)']);
    await visit.page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
  });

  it('ends with the next message', async () => {
    await using open = await openBar();
    const visit = await Visit.open(chromium.context, open.bar.url);
    await voiceButton(visit.page, false).click();
    await visit.say('hello');
    await expect.poll(() => heard(visit.page)).toEqual(SPOKEN);
    await visit.say('wait');
    await expect.poll(() => heard(visit.page)).toEqual([...SPOKEN, '(hush)', ...SPOKEN]);
  });

  it('that fails leaves the text whole, with a mark that axe has nothing against', async () => {
    await using open = await openBar(CARTESIA_KEY);
    open.cartesia.answerWith('drop');
    const visit = await Visit.open(chromium.context, open.bar.url);
    await voiceButton(visit.page, false).click();
    await visit.say('hello');
    await visit.log.getByText('Maya’s voice did not come through').waitFor();
    expect(await visit.replies.last().innerText()).toContain(SAID);
    expect(open.cartesia.requests).toHaveLength(3);
    expect(await findViolations(visit.page)).toEqual([]);
  });

  it('is marked when the browser’s own fails', async () => {
    await using open = await openBar();
    const visit = await Visit.open(chromium.context, open.bar.url);
    await voiceButton(visit.page, false).click();
    await visit.say('hello');
    await expect.poll(() => heard(visit.page)).toHaveLength(2);
    await visit.page.evaluate("saying[0].dispatchEvent(new Event('error'))");
    await visit.log.getByText('Maya’s voice did not come through').waitFor();
  });

  it('is off again after a clear, and the typed text and the conversation are gone', async () => {
    await using open = await openBar();
    const visit = await Visit.open(chromium.context, open.bar.url);
    await voiceButton(visit.page, false).click();
    await visit.say('hello');
    await visit.page.getByLabel('Message to Maya').fill('half a mess');
    await visit.page.getByRole('button', { name: 'Clear' }).click();
    await visit.page.getByRole('button', { name: 'Clear everything' }).click();
    await visit.page.getByText('What can I get you?').waitFor();
    await voiceButton(visit.page, false).waitFor();
    expect(await visit.page.getByLabel('Message to Maya').inputValue()).toBe('');
    expect(await visit.page.evaluate("document.activeElement === document.querySelector('textarea')")).toBe(true);
    expect((await heard(visit.page)).at(-1)).toBe('(hush)');
  });
});
