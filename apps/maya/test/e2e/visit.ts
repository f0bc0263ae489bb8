import type { BrowserContext, Locator, Page } from 'playwright-core';

/** Maya's page as a visitor uses it: by the names that are read out. */
export class Visit {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async open(context: BrowserContext, url: string): Promise<Visit> {
    const page = await context.newPage();
    await page.goto(url);
    return new Visit(page);
  }

  /** Types a message, sends it with Enter and waits until Maya has answered. */
  async say(text: string): Promise<void> {
    const before = await this.replies.count();
    await this.page.getByLabel('Message to Maya').fill(text);
    await this.page.keyboard.press('Enter');
    await this.replies.nth(before).waitFor();
    await this.page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
  }

  /** Maya's finished replies. */
  get replies(): Locator {
    return this.page.getByRole('log').locator('li[data-role="assistant"]:not([aria-busy]) .bubble');
  }

  get log(): Locator {
    return this.page.getByRole('log');
  }

  /** The figures as a screen reader gets them: without the counting up. */
  get tab(): Locator {
    return this.page.getByRole('region', { name: 'Tab' }).locator('[aria-live]');
  }

  get counter(): Locator {
    return this.page.getByRole('region', { name: 'On the counter' });
  }

  tip(percentage: 10 | 15 | 20): Locator {
    return this.page.getByRole('button', { name: `Tip ${percentage} percent` });
  }

  get payButton(): Locator {
    return this.page.getByRole('button', { name: /^Pay / });
  }

  get paymentLink(): Locator {
    return this.page.getByRole('link', { name: /Open payment page/ });
  }

  get cutOffNote(): Locator {
    return this.page.getByText('This reply was cut off.');
  }

  get offlineBanner(): Locator {
    return this.page.getByText("The bar can't be reached. Trying again…");
  }

  /** Confirms the payment on the provider's page, which opens in a tab of its own. */
  async confirmPayment(): Promise<void> {
    const [provider] = await Promise.all([this.page.context().waitForEvent('page'), this.paymentLink.click()]);
    await provider.getByRole('button', { name: 'Confirm payment' }).click();
    await provider.getByRole('status').waitFor();
    await provider.close();
  }

  async seesTab(text: string): Promise<void> {
    await this.tab.getByText(text).waitFor();
  }
}
