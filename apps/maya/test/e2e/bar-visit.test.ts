import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MayaProcess } from '../support/maya-process.ts';
import { useBrowser } from './use-browser.ts';
import { Visit } from './visit.ts';

const ORDERED = 'Tab $31.00. Balance $969.00.';
const TIPPED = 'Tab $31.00. Balance $969.00. Tip $4.65. Total $35.65.';

const chromium = useBrowser();

let problems: string[];

beforeEach(() => {
  problems = [];
  chromium.context.on('weberror', (error) => problems.push(error.error().message));
});
afterEach(() => expect(problems).toEqual([]));

describe('a visit to the bar', { timeout: 60_000 }, () => {
  it('orders, tips and pays by talking to Maya', async () => {
    await using maya = await MayaProcess.start();
    const visit = await Visit.open(chromium.context, maya.url);
    await visit.say('two dry martinis and a tap beer, please');
    await visit.seesTab(ORDERED);
    expect(await visit.counter.innerText()).toMatch(/2\s*×\s*Martini\s*dry\s*\$26\.00[\s\S]*1\s*×\s*Tap Beer\s*\$5\.00/);

    await visit.say('what is in my order?');
    expect(await visit.replies.last().innerText()).toContain('Martini');
    await visit.say("what's the bill?");
    expect(await visit.replies.last().innerText()).toContain('$31.00');

    await visit.tip(15).click();
    await visit.seesTab(TIPPED);
    expect(await visit.tip(15).getAttribute('aria-pressed')).toBe('true');
    await visit.tip(20).click();
    await visit.seesTab('Tip $6.20. Total $37.20.');
    await visit.tip(20).click();
    await visit.seesTab(ORDERED);
    await visit.tip(15).click();
    await visit.seesTab(TIPPED);

    await visit.say("I'd like to pay my bill");
    await visit.confirmPayment();
    await visit.page.getByText(/Paid \$35\.65\. Thank you!/).waitFor();
    await visit.seesTab('Tab $0.00. Balance $969.00.');
  });

  it('survives kill -9 and a restart in the middle: the page reconnects and everything is there', async () => {
    await using maya = await MayaProcess.start();
    const visit = await Visit.open(chromium.context, maya.url);
    await visit.say('two dry martinis and a tap beer, please');
    await visit.tip(15).click();
    await visit.seesTab(TIPPED);
    await visit.replies.getByText('that is sweet of you').waitFor();
    const before = { log: await visit.log.innerText(), counter: await visit.counter.innerText() };

    await maya.kill();
    await visit.offlineBanner.waitFor();
    await maya.restart();
    await visit.offlineBanner.waitFor({ state: 'detached' });
    expect({ log: await visit.log.innerText(), counter: await visit.counter.innerText() }).toEqual(before);
    await visit.seesTab(TIPPED);

    await visit.page.reload();
    await visit.seesTab(TIPPED);
    expect(await visit.log.innerText()).toEqual(before.log);
    await visit.say('a negroni please');
    await visit.seesTab('Tab $42.00. Balance $958.00. Tip $6.30. Total $48.30.');
  });

  it('survives kill -9 in mid-payment, and is paid once by the link that it had', async () => {
    await using maya = await MayaProcess.start();
    const visit = await Visit.open(chromium.context, maya.url);
    await visit.say('two dry martinis and a tap beer, please');
    await visit.payButton.click();
    await visit.paymentLink.waitFor();
    const link = await visit.paymentLink.getAttribute('href');

    await maya.kill();
    await visit.offlineBanner.waitFor();
    await maya.restart();
    await visit.offlineBanner.waitFor({ state: 'detached' });
    expect(await visit.paymentLink.getAttribute('href')).toBe(link);
    await visit.page.getByText('To pay: $31.00').waitFor();
    await visit.seesTab(ORDERED);
    await visit.confirmPayment();
    await visit.page.getByText(/Paid \$31\.00\. Thank you!/).waitFor();
    await visit.seesTab('Tab $0.00. Balance $969.00.');
  });

  it('asks for what the payment was made for, although more was ordered since', async () => {
    await using maya = await MayaProcess.start();
    const visit = await Visit.open(chromium.context, maya.url);
    await visit.say('two dry martinis and a tap beer, please');
    await visit.payButton.click();
    await visit.paymentLink.waitFor();
    await visit.say('a negroni please');
    await visit.seesTab('Tab $42.00. Balance $958.00.');
    expect(await visit.page.getByRole('region', { name: 'Payment' }).innerText()).toContain('$31.00');
    await visit.confirmPayment();
    await visit.seesTab('Tab $11.00. Balance $958.00.');
  });

  it('shows a second tab of the same session everything, live', async () => {
    await using maya = await MayaProcess.start();
    const first = await Visit.open(chromium.context, maya.url);
    await first.say('a tap beer please');
    const second = await Visit.open(chromium.context, maya.url);
    await second.seesTab('Tab $5.00. Balance $995.00.');
    expect(await second.log.innerText()).toBe(await first.log.innerText());

    await first.say('two dry martinis please');
    await second.seesTab(ORDERED);
    await second.replies.nth(1).waitFor();
    expect(await second.log.innerText()).toBe(await first.log.innerText());

    await second.tip(15).click();
    await first.seesTab(TIPPED);
    await second.say('a negroni please');
    await first.seesTab('Tab $42.00.');
  });

  it('keeps visitors apart', async () => {
    await using maya = await MayaProcess.start();
    const first = await Visit.open(chromium.context, maya.url);
    await first.say('a tap beer please');
    const other = await chromium.browser.newContext();
    const stranger = await Visit.open(other, maya.url);
    await stranger.page.getByText('What can I get you?').waitFor();
    expect(await stranger.log.getByRole('listitem').count()).toBe(0);
    await other.close();
  });

  it('returns to the start when it is cleared', async () => {
    await using maya = await MayaProcess.start();
    const visit = await Visit.open(chromium.context, maya.url);
    await visit.say('a tap beer please');
    await visit.page.getByRole('button', { name: 'Clear' }).click();
    await visit.page.getByRole('button', { name: 'Clear everything' }).click();
    await visit.page.getByText('What can I get you?').waitFor();
    await visit.say('a whiskey neat');
    await visit.seesTab('Tab $8.00. Balance $992.00.');
    expect(await visit.log.innerText()).not.toContain('tap beer');
  });
});
