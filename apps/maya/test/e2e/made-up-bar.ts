import type { Browser, Page } from 'playwright-core';
import type { ErrorAnswer, SessionAnswer } from '../../server/http/contract.ts';

/** What the bar answers when the page asks for the session; null: nothing at all. */
export type Answer = SessionAnswer | 'unreachable' | null;

/** The page with a bar that says what the test makes up: it is in any state at once, without the way that leads there. */
export class MadeUpBar {
  readonly page: Page;
  #answer: Answer = null;

  private constructor(page: Page) {
    this.page = page;
  }

  /** @param url where the page comes from; that bar is asked for nothing else */
  static async open(browser: Browser, url: string): Promise<MadeUpBar> {
    const page = await browser.newPage({ reducedMotion: 'reduce' });
    page.setDefaultTimeout(15_000);
    const bar = new MadeUpBar(page);
    await page.route('**/api/session', async (route) => {
      if (bar.#answer === 'unreachable') await route.abort();
      else if (bar.#answer !== null) await route.fulfill({ json: bar.#answer });
    });
    // It stays open, and nothing happens.
    await page.route('**/api/events', () => undefined);
    await page.goto(url);
    return bar;
  }

  /** Has the page ask for the session, and be told this. */
  async show(answer: Answer): Promise<void> {
    this.#answer = answer;
    await this.page.evaluate("dispatchEvent(new Event('online'))");
  }

  /** Has every request to a path refused; without a refusal it is not answered at all. */
  async refuse(path: string, refusal?: ErrorAnswer): Promise<void> {
    await this.page.unroute(`**${path}`);
    await this.page.route(`**${path}`, (route) => (refusal ? route.fulfill({ status: 409, json: refusal }) : undefined));
  }
}
