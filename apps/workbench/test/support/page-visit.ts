import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { findViolations } from '../../../../scripts/browser/find-violations.ts';
import type { AREA_IDS } from './area-ids.ts';

type AreaId = (typeof AREA_IDS)[number];

/** The page as a person uses it: by the names that are read out. */
export class PageVisit {
  readonly context: BrowserContext;
  readonly page: Page;

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  /** Opens the address that the command printed, and waits until the page is live. */
  static async open(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<PageVisit> {
    const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
    onTestFinished(() => context.close());
    const visit = new PageVisit(context, await context.newPage());
    await visit.page.goto(url);
    await visit.page.getByText('live', { exact: true }).waitFor();
    return visit;
  }

  async goTo(area: AreaId): Promise<void> {
    await this.page.evaluate((hash) => {
      (globalThis as unknown as { location: { hash: string } }).location.hash = hash;
    }, `/${area}`);
    await this.page.locator(`nav a[href="#/${area}"][aria-current="page"]`).waitFor();
  }

  /** A row of a list, by what stands in it. */
  row(text: string): Locator {
    return this.page.getByRole('listitem').filter({ hasText: text });
  }

  /** What has the keyboard, in words. */
  async focused(): Promise<string> {
    const focus = this.page.locator(':focus');
    return (await focus.getAttribute('aria-label')) ?? (await focus.innerText());
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** What axe objects to. */
  async violations(): Promise<readonly string[]> {
    return await findViolations(this.page);
  }

  /** By how much the page is wider than the window. */
  async overflow(): Promise<number> {
    return await this.page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }
}
