import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MayaProcess } from '../support/maya-process.ts';
import { createDatabase, dropDatabase } from '../support/postgres.ts';
import { useBrowser } from './use-browser.ts';
import { Visit } from './visit.ts';

const ORDERED = 'Tab $31.00. Balance $969.00.';

/** Cookies go by host and not by port: pages of both servers have the same session. */
const chromium = useBrowser();
let database: string;

beforeEach(async () => {
  database = await createDatabase();
});
afterEach(() => dropDatabase(database));

describe('two servers on one Postgres', { timeout: 60_000 }, () => {
  it('serve one session turn by turn, and what happens at one is live on the page of the other', async () => {
    await using a = await MayaProcess.start({ store: database });
    await using b = await MayaProcess.start({ store: database });
    const atA = await Visit.open(chromium.context, a.url);
    await atA.say('a tap beer please');
    const atB = await Visit.open(chromium.context, b.url);
    await atB.seesTab('Tab $5.00. Balance $995.00.');

    await atA.say('two dry martinis please');
    await atB.seesTab(ORDERED);
    await atB.replies.nth(1).waitFor();
    expect(await atB.log.innerText()).toBe(await atA.log.innerText());

    await atB.tip(15).click();
    await atA.seesTab('Tip $4.65. Total $35.65.');
    await atB.say('a negroni please');
    await atA.seesTab('Tab $42.00. Balance $958.00. Tip $6.30. Total $48.30.');
    await atA.replies.nth((await atB.replies.count()) - 1).waitFor();
    expect(await atA.log.innerText()).toBe(await atB.log.innerText());

    await atB.page.getByRole('button', { name: 'Clear' }).click();
    await atB.page.getByRole('button', { name: 'Clear everything' }).click();
    await atA.page.getByText('What can I get you?').waitFor();
    expect(await atA.log.getByRole('listitem').count()).toBe(0);
  });

  it('finish a payment that the other has started', async () => {
    await using a = await MayaProcess.start({ store: database });
    await using b = await MayaProcess.start({ store: database });
    const atA = await Visit.open(chromium.context, a.url);
    await atA.say('two dry martinis and a tap beer, please');
    const atB = await Visit.open(chromium.context, b.url);
    await atA.payButton.click();
    await atB.paymentLink.waitFor();
    await atB.confirmPayment();
    for (const visit of [atA, atB]) {
      await visit.page.getByText(/Paid \$31\.00\. Thank you!/).waitFor();
      await visit.seesTab('Tab $0.00. Balance $969.00.');
      expect(await visit.replies.getByText('$31.00 received, thank you!').count()).toBe(1);
    }
  });

  it('stand in for each other: one is killed in mid-turn and in mid-payment, and the other goes on', async () => {
    await using a = await MayaProcess.start({ store: database, wordDelayMs: 1_000 });
    await using b = await MayaProcess.start({ store: database });
    const atA = await Visit.open(chromium.context, a.url);
    await atA.page.getByLabel('Message to Maya').fill('two dry martinis and a tap beer, please');
    await atA.page.keyboard.press('Enter');
    await atA.seesTab(ORDERED);
    await atA.payButton.click();
    await atA.paymentLink.waitFor();
    const atB = await Visit.open(chromium.context, b.url);
    await atB.seesTab(ORDERED);
    expect(await atB.cutOffNote.count()).toBe(0);

    await a.kill();
    await atB.cutOffNote.waitFor();
    await atB.confirmPayment();
    await atB.page.getByText(/Paid \$31\.00\. Thank you!/).waitFor();
    await atB.say('a negroni please');
    await atB.seesTab('Tab $11.00. Balance $958.00.');
  });
});
